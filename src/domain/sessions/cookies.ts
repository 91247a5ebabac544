/**
 * Cookie sessions of browsers. Re-authentication gives the session a new token (ASVS 7.2.4). The previous token still works for
 * GRACE, because other tabs may have sent requests with it, but not for step-up; two re-authentications at once both succeed. A
 * token that ended long ago is distinguished from one that has just ended, so that a late answer never deletes a new cookie.
 */
import * as z from 'zod'
import { record } from '../auditLog/events.ts'
import { transports } from '../base/surfaces.ts'
import type { Caller, Viewer } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { hashSecret } from '../secrets/secret.ts'
import type { IssuedToken } from './accessTokens.ts'
import { endSession } from './end.ts'
import { issueOpaque } from './issueOpaque.ts'

const GRACE = 5_000

const transportIf = (takesCookies: boolean) =>
  z
    .enum(transports)
    .default('bearer')
    .refine((asked) => asked === 'bearer' || takesCookies, 'is not offered here')

/**
 * A schema with `transport`: how the client of a new session sends its token, if it may choose. It is made once for surfaces that
 * take cookies and once for others, because making one takes 0.3 ms.
 */
export const withTransport = <Schema extends z.ZodType>(make: (transport: ReturnType<typeof transportIf>) => Schema) => {
  const [withCookies, without] = [make(transportIf(true)), make(transportIf(false))]
  return ({ surfaces }: Domain, { surface }: Caller): Schema => (surfaces[surface].takesCookies ? withCookies : without)
}

/** A browser has one session: the session of the request's cookie ends when a sign-in replaces it. */
export const endReplaced = async (domain: Domain, tx: Tx, caller: Caller): Promise<void> => {
  const { viewer } = caller
  if (viewer === null || viewer.cookie === null || !(await endSession(domain, tx, viewer.session.id))) return
  await record(domain, tx, caller, { type: 'session.replaced', userId: viewer.account.id, details: { sessionId: viewer.session.id } })
}

/** A new token for the session of a cookie, whose previous token works for GRACE; null for all other sessions. */
export const renewCookie = async (domain: Domain, tx: Tx, { session, cookie }: Viewer): Promise<IssuedToken | null> => {
  if (cookie === null) return null
  const soon = later(domain, GRACE)
  await tx.opaqueToken.updateMany({ where: { hash: cookie.hash, expiresAt: { gt: soon } }, data: { expiresAt: soon } })
  return await issueOpaque(domain, tx, session, 'cookie', session.expiresAt)
}

/** Whether an invalid token did not just end. */
export const isLongDead = async ({ db, clock }: Domain, token: string): Promise<boolean> => {
  const found = await db.opaqueToken.findUnique({
    where: { hash: hashSecret(token) },
    include: { session: true },
    relationLoadStrategy: 'join',
  })
  const now = clock.now().getTime()
  const ends = found === null ? [] : [found.expiresAt, found.session.endedAt]
  return !ends.some((end) => end !== null && end.getTime() <= now && now - end.getTime() < GRACE)
}

/**
 * Personal access tokens, which scripts use instead of a sign-in. A token has a name, an expiry, and scopes that its owner holds.
 * It has no administrator rights and cannot change personal data (`sessions/rights.ts`, the table of `access`). An account has at
 * most MAX_PERSONAL_TOKENS live tokens; the lock on its row makes this exact. The owner is notified by mail.
 */
import * as z from 'zod'
import type { Session } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { holds } from '../access/requirements.ts'
import { lockUnchanged } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import { uuid } from '../base/ids.ts'
import { name, parse } from '../base/input.ts'
import { scopes as documented } from '../base/scopes.ts'
import type { Viewer } from '../frame/caller.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { issueOpaque } from '../sessions/issueOpaque.ts'
import { notEnded } from '../sessions/live.ts'
import { asPersonalToken, type PersonalToken, personal } from './findPersonalTokens.ts'

export const MAX_PERSONAL_TOKENS = 50

export interface CreatePersonalTokenInput {
  readonly name: string
  readonly scopes: readonly string[]
  readonly expiresAt: Date
}

export interface CreatedPersonalToken {
  readonly personalToken: PersonalToken
  /** The token; it cannot be read again. */
  readonly token: string
}

const schema = (domain: Domain) =>
  z.object({
    name,
    scopes: z.array(z.enum(documented, 'is not a documented scope')).max(50, 'at most 50 scopes'),
    expiresAt: z
      .date()
      .refine((end) => end > domain.clock.now(), 'must be in the future')
      .refine((end) => end <= later(domain, domain.config.PERSONAL_TOKEN_LIFE), 'is too far away'),
  })

type Checked = z.output<ReturnType<typeof schema>>

/** @throws {Failure} INVALID_INPUT, FORBIDDEN for a scope that the viewer does not hold */
const check = (domain: Domain, viewer: Viewer, input: CreatePersonalTokenInput): Checked => {
  const checked = parse(schema(domain), input)
  const lacking = checked.scopes.find((scope) => !holds(viewer, scope))
  if (lacking !== undefined) throw new Failure('FORBIDDEN', { message: `missing permission ${lacking}`, missingScope: lacking })
  return { ...checked, scopes: [...new Set(checked.scopes)] }
}

/**
 * Locks the account's row, and checks that the session is still live.
 * @throws {Failure} REAUTHENTICATION_REQUIRED, UNAUTHENTICATED if the session ended since the request began
 */
const hold = async (domain: Domain, tx: Tx, { account, session }: Viewer): Promise<void> => {
  await lockUnchanged(tx, account)
  const present = await tx.session.findUnique({ where: { id: session.id, ...notEnded(domain) }, select: { id: true } })
  if (present === null) throw new Failure('UNAUTHENTICATED', { isTokenDead: true })
}

/** @throws {Failure} TOO_MANY_TOKENS, INVALID_INPUT for a name that another token has */
const checkOthers = async (domain: Domain, tx: Tx, userId: string, wanted: string): Promise<void> => {
  const others = await tx.session.findMany({ where: { userId, ...personal, ...notEnded(domain) }, select: { name: true } })
  if (others.some((other) => other.name === wanted)) throw fieldFailure('INVALID_INPUT', 'name', 'is the name of another token')
  if (others.length >= MAX_PERSONAL_TOKENS) throw new Failure('TOO_MANY_TOKENS')
}

const createRow = async (domain: Domain, tx: Tx, caller: Caller, userId: string, checked: Checked): Promise<Session> => {
  const now = domain.clock.now()
  return await tx.session.create({
    data: {
      id: uuid(domain.randomBytes),
      userId,
      ...personal,
      ...checked,
      surface: caller.surface,
      createdAt: now,
      lastSeenAt: now,
      authenticatedAt: now,
      clientAddress: caller.clientAddress,
      userAgent: caller.userAgent?.slice(0, 500) ?? null,
    },
  })
}

/** @throws {Failure} INVALID_INPUT, FORBIDDEN, TOO_MANY_TOKENS, REAUTHENTICATION_REQUIRED, UNAUTHENTICATED */
export async function createPersonalAccessToken(
  domain: Domain,
  caller: Caller,
  input: CreatePersonalTokenInput,
): Promise<CreatedPersonalToken> {
  const viewer = viewerOf(caller)
  const { account } = viewer
  const checked = check(domain, viewer, input)
  return await inTransaction(domain.db, async (tx) => {
    await hold(domain, tx, viewer)
    await checkOthers(domain, tx, account.id, checked.name)
    const session = await createRow(domain, tx, caller, account.id, checked)
    const { token } = await issueOpaque(domain, tx, session, 'personal', session.expiresAt)
    const details = { sessionId: session.id, scopes: checked.scopes.join(' ') }
    await record(domain, tx, caller, { type: 'token.created', userId: account.id, details })
    await notice(domain, tx, account, 'personalAccessTokenCreated', { tokenName: checked.name, expiresAt: checked.expiresAt })
    return { personalToken: asPersonalToken(domain, session), token }
  })
}

/**
 * Opens a session with its tokens after a successful sign-in, in one transaction that locks the account's row. If password, e-mail,
 * factor or login state changed since the check began, it fails. The lock also makes the limit on live sessions exact.
 */
import type { Session } from '../../db/generated/client.ts'
import { lockRow } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { uuid } from '../base/ids.ts'
import type { Surface, TokenProfile, Transport } from '../base/surfaces.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { type IssuedToken, signAccessToken } from './accessTokens.ts'
import { endReplaced } from './cookies.ts'
import { noteDevice } from './devices.ts'
import { evict } from './evict.ts'
import { issueOpaque } from './issueOpaque.ts'

/** The tokens of one profile; null for those that the profile does not have. */
export interface Credentials {
  readonly accessToken: IssuedToken | null
  readonly refreshToken: IssuedToken | null
  readonly opaqueToken: IssuedToken | null
}

export interface SignedIn {
  readonly account: Account
  readonly session: Session
  readonly credentials: Credentials
  /** The tokens of the surface that the sign-in began on, if it issues other tokens. */
  readonly originCredentials: Credentials | null
  /** The token of a cookie session, only for the cookie; `credentials` are empty then. */
  readonly cookieToken: IssuedToken | null
}

export interface Opening {
  /** The surface on which the sign-in began, if it ends on another. */
  readonly origin?: Surface
  readonly transport?: Transport
}

const NO_CREDENTIALS: Credentials = { accessToken: null, refreshToken: null, opaqueToken: null }

const lifeOf = ({ config }: Domain, profile: TokenProfile): number =>
  ({
    chain: config.REFRESH_CHAIN_LIFE,
    v1: config.V1_SESSION_LIFE,
    resume: config.WEKAN_SESSION_LIFE,
    cookie: config.COOKIE_SESSION_LIFE,
  })[profile]

interface NewRow {
  readonly userId: string
  readonly origin: Surface
  readonly profiles: readonly TokenProfile[]
}

const createRow = async (domain: Domain, tx: Tx, caller: Caller, { userId, origin, profiles }: NewRow): Promise<Session> => {
  const now = domain.clock.now()
  const chained = profiles.includes('chain')
  return await tx.session.create({
    data: {
      id: uuid(domain.randomBytes),
      userId,
      kind: profiles.includes('cookie') ? 'cookie' : 'token',
      surface: caller.surface,
      origin: origin === caller.surface ? null : origin,
      createdAt: now,
      lastSeenAt: now,
      authenticatedAt: now,
      expiresAt: later(domain, Math.max(...profiles.map((profile) => lifeOf(domain, profile)))),
      clientAddress: caller.clientAddress,
      userAgent: caller.userAgent?.slice(0, 500) ?? null,
      refreshCounter: chained ? 0 : null,
      refreshExpiresAt: chained ? later(domain, Math.min(domain.config.REFRESH_TOKEN_LIFE, domain.config.REFRESH_CHAIN_LIFE)) : null,
    },
  })
}

/** The access and refresh token at a number of the chain. */
export const chainCredentials = async (
  domain: Domain,
  session: Pick<Session, 'id' | 'userId' | 'expiresAt'>,
  refresh: { number: number; expiresAt: Date },
): Promise<Credentials> => {
  const accessEnd = new Date(Math.min(later(domain, domain.config.ACCESS_TOKEN_LIFE).getTime(), session.expiresAt.getTime()))
  return {
    accessToken: await signAccessToken(domain, { userId: session.userId, sessionId: session.id }, accessEnd),
    refreshToken: { token: domain.refreshTokens.write(session.id, refresh.number), expiresAt: refresh.expiresAt },
    opaqueToken: null,
  }
}

const issue = async (domain: Domain, tx: Tx, session: Session, profile: TokenProfile): Promise<Credentials> => {
  if (profile === 'cookie') return NO_CREDENTIALS
  if (profile === 'chain')
    return await chainCredentials(domain, session, { number: 0, expiresAt: session.refreshExpiresAt ?? session.expiresAt })
  const expiresAt = later(domain, lifeOf(domain, profile))
  const opaqueToken = await issueOpaque(domain, tx, session, profile === 'v1' ? 'sess' : 'resume', expiresAt)
  const accessToken = profile === 'v1' ? await signAccessToken(domain, { userId: session.userId, sessionId: session.id }, expiresAt) : null
  return { accessToken, refreshToken: null, opaqueToken }
}

/** Locks the account's row and returns it as it is now. */
const lockAccount = async (tx: Tx, seen: Account): Promise<Account> => {
  await lockRow(tx, seen.id)
  const account = await tx.user.findUnique({ where: { id: seen.id } })
  if (account === null || account.credentialVersion !== seen.credentialVersion) throw new Failure('BAD_CREDENTIALS').about(seen.id)
  if (account.loginDisabled) throw new Failure('ACCOUNT_DISABLED').about(seen.id)
  return account
}

/**
 * Opens a session for the account that was checked as `seen`. A cookie session has one token, whatever surface it began on.
 * @throws {Failure} BAD_CREDENTIALS if the account's credentials changed since, ACCOUNT_DISABLED
 */
export async function openSession(
  domain: Domain,
  tx: Tx,
  caller: Caller,
  seen: Account,
  { origin = caller.surface, transport = 'bearer' }: Opening = {},
): Promise<SignedIn> {
  const account = await lockAccount(tx, seen)
  if (transport === 'cookie') await endReplaced(domain, tx, caller)
  const own = transport === 'cookie' ? transport : domain.surfaces[caller.surface].tokens
  const other = transport === 'cookie' ? transport : domain.surfaces[origin].tokens
  const session = await createRow(domain, tx, caller, { userId: account.id, origin, profiles: [own, other] })
  const credentials = await issue(domain, tx, session, own)
  const originCredentials = other === own ? null : await issue(domain, tx, session, other)
  const cookieToken = transport === 'cookie' ? await issueOpaque(domain, tx, session, 'cookie', session.expiresAt) : null
  await evict(domain, tx, caller, session)
  return { account, session, credentials, originCredentials, cookieToken }
}

/**
 * Records that a session was opened, and notifies the owner of a new device. The actor is the account that signed in, whatever
 * session the request had.
 */
export const recordSignedIn = async (domain: Domain, tx: Tx, caller: Caller, { account, session }: SignedIn): Promise<void> => {
  const newDevice = await noteDevice(domain, tx, caller, account)
  const details = { sessionId: session.id, twoFactor: account.twoFactorSecret !== null, newDevice }
  await record(domain, tx, caller, { type: 'session.signed_in', userId: account.id, actorId: account.id, details })
}

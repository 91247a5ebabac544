/** Makes the row of a session and its tokens, in memory: what is costly, such as signing, is done before a row is locked. */
import type { OpaqueToken, Session } from '../../db/generated/client.ts'
import { uuid } from '../base/ids.ts'
import type { Surface, TokenProfile, Transport } from '../base/surfaces.ts'
import type { Caller } from '../frame/caller.ts'
import { type Domain, later } from '../frame/domain.ts'
import { type IssuedToken, signAccessToken } from './accessTokens.ts'
import { makeOpaque } from './issueOpaque.ts'

/** The tokens of one profile; null for those that the profile does not have. */
export interface Credentials {
  readonly accessToken: IssuedToken | null
  readonly refreshToken: IssuedToken | null
  readonly opaqueToken: IssuedToken | null
}

export interface Opening {
  /** The surface on which the sign-in began, if it ends on another. */
  readonly origin?: Surface
  readonly transport?: Transport
}

/** What is given to the client. */
interface Given {
  readonly credentials: Credentials
  /** The tokens of the surface that the sign-in began on, if it issues other tokens. */
  readonly originCredentials: Credentials | null
  /** The token of a cookie session, only for the cookie; `credentials` are empty then. */
  readonly cookieToken: IssuedToken | null
}

/** A session that is not written yet, with the rows of its opaque tokens. */
export interface NewSession extends Given {
  readonly session: Session
  readonly tokens: readonly OpaqueToken[]
}

const NO_CREDENTIALS: Credentials = { accessToken: null, refreshToken: null, opaqueToken: null }

const lifeOf = ({ config }: Domain, profile: TokenProfile): number =>
  ({
    chain: config.REFRESH_CHAIN_LIFE,
    v1: config.V1_SESSION_LIFE,
    resume: config.WEKAN_SESSION_LIFE,
    cookie: config.COOKIE_SESSION_LIFE,
  })[profile]

interface Row {
  readonly userId: string
  readonly origin: Surface
  readonly profiles: readonly TokenProfile[]
}

const makeRow = (domain: Domain, caller: Caller, { userId, origin, profiles }: Row): Session => {
  const now = domain.clock.now()
  const chained = profiles.includes('chain')
  return {
    id: uuid(domain.randomBytes),
    userId,
    kind: profiles.includes('cookie') ? 'cookie' : 'token',
    name: null,
    scopes: [],
    surface: caller.surface,
    origin: origin === caller.surface ? null : origin,
    createdAt: now,
    lastSeenAt: now,
    authenticatedAt: now,
    expiresAt: later(domain, Math.max(...profiles.map((profile) => lifeOf(domain, profile)))),
    endedAt: null,
    clientAddress: caller.clientAddress,
    userAgent: caller.userAgent?.slice(0, 500) ?? null,
    refreshCounter: chained ? 0 : null,
    refreshExpiresAt: chained ? later(domain, Math.min(domain.config.REFRESH_TOKEN_LIFE, domain.config.REFRESH_CHAIN_LIFE)) : null,
    refreshRotations: {},
  }
}

/** The access and refresh token at a number of the chain. */
export const chainCredentials = (
  domain: Domain,
  session: Pick<Session, 'id' | 'userId' | 'expiresAt'>,
  refresh: { number: number; expiresAt: Date },
): Credentials => {
  const accessEnd = new Date(Math.min(later(domain, domain.config.ACCESS_TOKEN_LIFE).getTime(), session.expiresAt.getTime()))
  return {
    accessToken: signAccessToken(domain, { userId: session.userId, sessionId: session.id }, accessEnd),
    refreshToken: { token: domain.refreshTokens.write(session.id, refresh.number), expiresAt: refresh.expiresAt },
    opaqueToken: null,
  }
}

const issue = (domain: Domain, session: Session, profile: TokenProfile, tokens: OpaqueToken[]): Credentials => {
  if (profile === 'cookie') return NO_CREDENTIALS
  if (profile === 'chain') return chainCredentials(domain, session, { number: 0, expiresAt: session.refreshExpiresAt ?? session.expiresAt })
  const expiresAt = later(domain, lifeOf(domain, profile))
  const { issued: opaqueToken, row } = makeOpaque(domain, session, profile === 'v1' ? 'sess' : 'resume', expiresAt)
  tokens.push(row)
  const accessToken = profile === 'v1' ? signAccessToken(domain, { userId: session.userId, sessionId: session.id }, expiresAt) : null
  return { accessToken, refreshToken: null, opaqueToken }
}

/** A session of a caller for an account. A cookie session has one token, whatever surface it began on. */
export function makeSession(
  domain: Domain,
  caller: Caller,
  userId: string,
  { origin = caller.surface, transport = 'bearer' }: Opening,
): NewSession {
  const own = transport === 'cookie' ? transport : domain.surfaces[caller.surface].tokens
  const other = transport === 'cookie' ? transport : domain.surfaces[origin].tokens
  const session = makeRow(domain, caller, { userId, origin, profiles: [own, other] })
  const tokens: OpaqueToken[] = []
  const credentials = issue(domain, session, own, tokens)
  const originCredentials = other === own ? null : issue(domain, session, other, tokens)
  if (transport !== 'cookie') return { session, tokens, credentials, originCredentials, cookieToken: null }
  const { issued: cookieToken, row } = makeOpaque(domain, session, 'cookie', session.expiresAt)
  return { session, tokens: [row], credentials, originCredentials, cookieToken }
}

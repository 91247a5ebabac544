/**
 * What the server knows of a request before any operation runs: through which surface it came, from where, with which live
 * session, and into what kind of house. None of it can be said by an argument.
 */
import type { Session, User } from '../../db/generated/client.ts'
import { Failure } from '../base/errors.ts'
import type { Locale } from '../base/locales.ts'
import type { Scope } from '../base/scopes.ts'
import type { Surface } from '../base/surfaces.ts'

export interface Rights {
  /** Holds every scope and may administer. */
  readonly isAdmin: boolean
  readonly scopes: readonly Scope[]
}

/** A live session, its account, and what they may do together. */
export interface Viewer {
  readonly session: Session
  readonly account: User
  readonly rights: Rights
  /** The cookie that the session was found by; null for every other token. `superseded`: the session has a newer one. */
  readonly cookie: { readonly hash: string; readonly superseded: boolean } | null
}

export interface Caller {
  readonly surface: Surface
  readonly clientAddress: string
  readonly userAgent: string | null
  readonly requestId: string
  /** The language that the request asks for, or that of DEFAULT_LOCALE. */
  readonly locale: Locale
  readonly viewer: Viewer | null
  /** Whether the session's last password or code check is young enough for step-up on this surface. */
  readonly steppedUp: boolean
  /** Whether anybody may make an account. */
  readonly registrationOpen: boolean
}

/** What is known of a request before anybody looks at its token. */
export type RequestFacts = Pick<Caller, 'clientAddress' | 'userAgent' | 'requestId' | 'locale'>

/** @throws {Failure} UNAUTHENTICATED without a live session. */
export const viewerOf = (caller: Caller): Viewer => {
  if (caller.viewer === null) throw new Failure('UNAUTHENTICATED')
  return caller.viewer
}

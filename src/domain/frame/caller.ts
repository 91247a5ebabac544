/**
 * What the server knows of a request before an operation runs: its surface, where it came from, its live session, and the server's
 * state (such as open registration). No argument of an operation can set any of it.
 */

import { Failure } from '../base/errors.ts'
import type { Locale } from '../base/locales.ts'
import type { Scope } from '../base/scopes.ts'
import type { Surface } from '../base/surfaces.ts'
import type { Account } from './account.ts'
import type { SessionFacts } from './sessionFacts.ts'

export interface Rights {
  /** Holds every scope, and may administer. */
  readonly isAdmin: boolean
  readonly scopes: readonly Scope[]
}

/** A live session, its account, and its rights. */
export interface Viewer {
  readonly session: SessionFacts
  readonly account: Account
  readonly rights: Rights
  /** The cookie that the session was found by; null for all other tokens. `superseded`: the session has a newer cookie. */
  readonly cookie: { readonly hash: string; readonly superseded: boolean } | null
}

export interface Caller {
  readonly surface: Surface
  readonly clientAddress: string
  readonly userAgent: string | null
  readonly requestId: string
  /** The language that the request asks for, or DEFAULT_LOCALE. */
  readonly locale: Locale
  readonly viewer: Viewer | null
  /** Whether the request presents a token that is dead: unknown, expired, ended, or of a disabled account. */
  readonly presentsDeadToken: boolean
  /** Whether the last password or code check of the session is recent enough for step-up on this surface. */
  readonly steppedUp: boolean
  /** Whether registration is open. */
  readonly registrationOpen: boolean
}

/** What is known of a request before its token is checked. */
export type RequestFacts = Pick<Caller, 'clientAddress' | 'userAgent' | 'requestId' | 'locale'>

/** The failure of a caller without a live session. */
export const unauthenticated = ({ presentsDeadToken }: Caller): Failure =>
  new Failure('UNAUTHENTICATED', presentsDeadToken ? { isTokenDead: true } : {})

/** @throws {Failure} UNAUTHENTICATED without a live session. */
export const viewerOf = (caller: Caller): Viewer => {
  if (caller.viewer === null) throw unauthenticated(caller)
  return caller.viewer
}

/** How the server recognizes the session: by tokens, or if the app is built with `VITE_TRANSPORT=COOKIE` by a cookie. */
import type { ApolloLink } from '@apollo/client'
import type { SessionTokensFragment, SessionTransport } from '../operations.ts'
import { bearer } from './bearer.ts'
import { cookie } from './cookie.ts'

export interface Transport {
  /** For the input of sign-up and sign-in. */
  readonly name: SessionTransport
  readonly link: ApolloLink
  isSignedIn(): boolean
  /** Calls `listener` when somebody signs in or out, until the returned function is called. */
  subscribe(listener: () => void): () => void
  /** A sign-in succeeded. */
  begin(credentials: SessionTokensFragment | null): void
  /** The session has ended. */
  end(): void
}

export const transport: Transport = import.meta.env.VITE_TRANSPORT === 'COOKIE' ? cookie : bearer

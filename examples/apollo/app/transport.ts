/** How the server recognizes the session: by tokens, or if the app is built with `VITE_TRANSPORT=COOKIE` by a cookie. */
import type { ApolloLink } from '@apollo/client'
import type { SessionTransport } from '../operations.ts'
import { bearer, type SignedIn } from './bearer.ts'
import { cookie } from './cookie.ts'

export interface Transport {
  /** For the input of sign-up and sign-in. */
  readonly name: SessionTransport
  readonly link: ApolloLink
  /** What tells the account that is signed in from others; null if nobody is. */
  account(): string | null
  /** Calls `listener` when somebody signs in or out, until the returned function is called. */
  subscribe(listener: () => void): () => void
  /** A sign-in succeeded. */
  begin(success: SignedIn): void
  /** The session has ended. */
  end(): void
}

export const transport: Transport = import.meta.env.VITE_TRANSPORT === 'COOKIE' ? cookie : bearer

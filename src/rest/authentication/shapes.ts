/**
 * How `authentication` prints an account. `bio` is always there; a missing e-mail is `""`.
 */
import { z } from 'zod'
import type { AuthenticationUserFragment, TokensFragment } from '../operations.ts'
import { given } from '../required.ts'
import { Tokens, tokensOf } from '../tokens.ts'

/** `User` of the document. */
export const User = z
  .object({ name: z.string(), bio: z.string().nullish(), email: z.string().meta({ format: 'email' }) })
  .meta({ id: 'User' })
export const Account = User.extend({ id: z.string() }).meta({ id: 'Account' })
export const SignedIn = z.object({ user: Account, tokens: Tokens }).meta({ id: 'SignedIn' })
export const Message = z.object({ message: z.string() }).meta({ id: 'Message' })

export const userOf = ({ name, bio, email }: AuthenticationUserFragment): z.input<typeof User> => ({ name, bio, email: email ?? '' })

export const signedInOf = (user: AuthenticationUserFragment, credentials: TokensFragment | null): z.input<typeof SignedIn> => ({
  user: { id: user.id, ...userOf(user) },
  tokens: given(tokensOf(credentials)),
})

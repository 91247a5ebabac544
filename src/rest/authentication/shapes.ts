/**
 * How `authentication` answers. `bio` is always there; a missing e-mail is `""`.
 */
import * as z from 'zod'
import type { AuthenticationUserFragment, TokensFragment } from '../operations.ts'
import { given } from '../rows.ts'
import { Tokens, tokensOf } from '../tokens.ts'
import type { Login, NewPassword, Register, ResetToken } from './inputs.ts'

/** `User` of the document. */
const User = z.object({ name: z.string(), bio: z.string().nullish(), email: z.string().meta({ format: 'email' }) }).meta({ id: 'User' })
const Account = User.extend({ id: z.string() }).meta({ id: 'Account' })
export const Welcome = z.object({ message: z.string().optional(), user: User.optional() })
export const SignedIn = z.object({ user: Account, tokens: Tokens }).meta({ id: 'SignedIn' })
export const Message = z.object({ message: z.string() }).meta({ id: 'Message' })

export const register = ({ body: { confirm: _, ...input } }: { readonly body: z.output<typeof Register> }) => ({ input })
export const login = ({ body: { email, password } }: { readonly body: z.output<typeof Login> }) => ({
  input: { identifier: email, password },
})
export const resetPassword = ({
  query: { token },
  body: { password },
}: {
  readonly query: z.output<typeof ResetToken>
  readonly body: z.output<typeof NewPassword>
}) => ({ input: { token, newPassword: password } })

const userOf = ({ name, bio, email }: AuthenticationUserFragment): z.input<typeof User> => ({ name, bio, email: email ?? '' })

export const welcome = (user: AuthenticationUserFragment) => ({ message: `Welcome ${user.name}`, user: userOf(user) })

export const signedIn = ({
  user,
  credentials,
}: {
  readonly user: AuthenticationUserFragment
  readonly credentials: TokensFragment | null
}): z.input<typeof SignedIn> => ({ user: { id: user.id, ...userOf(user) }, tokens: given(tokensOf(credentials)) })

export const refreshed = ({ credentials }: { readonly credentials: TokensFragment }) => given(tokensOf(credentials))

export const says = (message: string) => () => ({ message })

/**
 * How `authentication` prints an account. `bio` is always there; a missing e-mail is `""`.
 */
import type { AuthenticationUserFragment } from '../operations.ts'

/** `User` of the document. */
export const userOf = ({ name, bio, email }: AuthenticationUserFragment) => ({ name, bio, email: email ?? '' })

export const accountOf = (user: AuthenticationUserFragment) => ({ id: user.id, ...userOf(user) })

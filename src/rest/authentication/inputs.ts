/**
 * What `authentication` reads.
 */
import * as z from 'zod'
import { bio, email, name, nonEmpty, password as passwordOf, text } from '../../domain/base/input.ts'
import { minimumPasswordLength } from '../../domain/base/surfaces.ts'
import { confirmed } from '../passwordConfirmation.ts'

const password = passwordOf(minimumPasswordLength.authentication)

export const Register = confirmed(
  z.object({ name, bio: bio.nullish(), email: email.meta({ format: 'email' }), password, confirm: text }),
  'password',
  'confirm',
)
export const Login = z.object({ email: nonEmpty, password: nonEmpty })
export const RefreshToken = z.object({ refreshToken: nonEmpty })
export const ForgotPassword = z.object({ email: nonEmpty })
export const ResetToken = z.object({ token: nonEmpty })
export const NewPassword = z.object({ password })

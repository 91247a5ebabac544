/**
 * How `xiot` answers.
 */
import * as z from 'zod'
import type { Success } from '../dialect.ts'
import type { V1VerifyTotpMutation, XiotChangeEmailMutation, XiotEnableTwoFactorMutation, XiotProfileFragment } from '../operations.ts'
import { Tokens, tokensOf } from '../tokens.ts'
import { SignedIn, signedIn } from '../v1/login.ts'
import { User, userOf } from '../v1/shapes.ts'
import type { ChangePassword, DisableTwoFactor, ResetPassword, SignUp } from './inputs.ts'

export const Done = z.object({ statusCode: z.literal(200), message: z.string() }).meta({ id: 'Done' })
export const Profile = User.extend({ createdAt: z.date(), updatedAt: z.date() }).meta({ id: 'Profile' })
export const SignedUp = Done.extend({
  message: z.string().meta({ example: 'x@example.com account created successfully' }),
  id: z.string().meta({ example: '9b65fbdd-b71c-492f-b285-d95e2a83ffc6' }),
}).meta({ id: 'SignedUp' })
export const ProfileUpdated = Done.extend({ user: Profile }).meta({ id: 'ProfileUpdated' })
export const Enrolled = Done.extend({
  secret: z.string().meta({ description: 'The TOTP secret, base32' }),
  otpauthUrl: z.string(),
  qrCode: z.string().meta({ description: 'The same as a PNG, in a data URL' }),
  recoveryCodes: z.array(z.string()),
}).meta({ id: 'Enrolled' })
export const Verified = SignedIn.extend({
  tokens: Tokens.optional().meta({ description: 'Where the sign-in began on the Authentication API' }),
}).meta({ id: 'Verified' })

/** `{"statusCode": 200, "message", …}`. */
const done = <More extends object>(message: string, more: More) => ({ statusCode: 200 as const, message, ...more })

/** What was done, in words. */
export const says = (message: string) => () => done(message, {})

export const profileOf = (user: XiotProfileFragment): z.input<typeof Profile> => ({
  ...userOf(user),
  createdAt: user.createdAt,
  updatedAt: user.updatedAt,
})

export const signUp = ({ body: { passwordConfirmation: _, ...input } }: { readonly body: z.output<typeof SignUp> }) => ({ input })
export const changePassword = ({ body }: { readonly body: z.output<typeof ChangePassword> }) => ({
  input: { oldPassword: body.oldPassword, newPassword: body.password },
})
export const resetPassword = ({ body }: { readonly body: z.output<typeof ResetPassword> }) => ({
  input: { token: body.token, newPassword: body.password },
})

/** What is sent is checked: a code, the password, or both. */
export const disableTwoFactor = ({ body: { code, password } }: { readonly body: z.output<typeof DisableTwoFactor> }) => ({
  input: {
    proof:
      code != null && password != null
        ? { codeAndPassword: { code, password } }
        : code != null
          ? { code }
          : password != null
            ? { password }
            : null,
  },
})

export const signedUp = ({ user }: { readonly user: { readonly id: string; readonly email: string | null } }) =>
  done(`${user.email} account created successfully`, { id: user.id })

/** The full login answer; where the sign-in began on `authentication`, with its tokens too. */
export const verified = (success: Success<V1VerifyTotpMutation['result']>): z.input<typeof Verified> => {
  const tokens = tokensOf(success.originCredentials)
  return { ...signedIn(success), ...(tokens === null ? {} : { tokens }) }
}

export const profileUpdated = ({ user }: { readonly user: XiotProfileFragment }) =>
  done('Profile updated successfully', { user: profileOf(user) })

/** A session that began elsewhere has to confirm the authenticator, on GraphQL. */
export const enrolled = ({ secret, otpauthUrl, qrCode, recoveryCodes }: Success<XiotEnableTwoFactorMutation['result']>) =>
  recoveryCodes === null
    ? done('Two factor authentication is not enabled yet: confirm a first code', { secret, otpauthUrl, qrCode, recoveryCodes: [] })
    : done('Two factor authentication enabled', { secret, otpauthUrl, qrCode, recoveryCodes: [...recoveryCodes] })

/** A session that began elsewhere has to confirm the address. */
export const emailChanged = ({ pendingEmail }: Success<XiotChangeEmailMutation['result']>) =>
  done(pendingEmail === null ? 'E-mail changed successfully' : 'Confirm the new e-mail address by the mail that was sent to it', {})

/**
 * How `xiot` answers.
 */
import { z } from 'zod'
import type { Success } from '../dialect.ts'
import type { V1VerifyTotpMutation, XiotProfileFragment } from '../operations.ts'
import { given } from '../required.ts'
import { Tokens, tokensOf } from '../tokens.ts'
import { loginAnswer, SignedIn } from '../v1/login.ts'
import { User, userOf } from '../v1/shapes.ts'

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
export const done = <More extends object = object>(message: string, more?: More): z.input<typeof Done> & More =>
  ({ statusCode: 200, message, ...more }) as z.input<typeof Done> & More

export const profileOf = (user: XiotProfileFragment): z.input<typeof Profile> => ({
  ...userOf(user),
  createdAt: given(user.createdAt),
  updatedAt: given(user.updatedAt),
})

/** The full login answer; where the sign-in began on `authentication`, with its tokens too. */
export const verified = (signedIn: Success<V1VerifyTotpMutation['result']>): z.input<typeof Verified> => {
  const tokens = tokensOf(signedIn.originCredentials)
  return { ...loginAnswer(signedIn), ...(tokens === null ? {} : { tokens }) }
}

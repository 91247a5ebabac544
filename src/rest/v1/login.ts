/**
 * `POST /v1/auth/login`, documented by both dialects of `/v1`: one route with one answer that serves both.
 */
import { z } from 'zod'
import { nonEmpty } from '../../domain/base/input.ts'
import { row } from '../dialect.ts'
import { V1LoginDocument, type V1SignedInFragment } from '../operations.ts'
import { given } from '../required.ts'
import { User, userOf } from './shapes.ts'

/** The full login answer: the opaque token of `idiot`, and the JWT and the user of `xiot`. */
export const SignedIn = z
  .object({
    token: z.string().meta({ example: 'sess_dwquijlbndwqbyuidhkwqdyuibqwd89d30y12dh22389d:dh189gd2d1ghod921' }),
    expire_at: z.date(),
    accessToken: z.string().meta({ description: 'A JWT; its claims are in the contract of the Users API' }),
    user: User,
  })
  .meta({ id: 'SignedIn' })

export const loginAnswer = ({ user, credentials }: V1SignedInFragment): z.input<typeof SignedIn> => {
  const { token, expiresAt } = given(credentials.opaqueToken)
  return { token, expire_at: expiresAt, accessToken: given(credentials.accessToken).token, user: userOf(user) }
}

export const login = row({
  tag: 'Authentication',
  operationId: 'PostLogin',
  summary: 'Sign in',
  method: 'POST',
  path: '/v1/auth/login',
  documented: true,
  body: z.object({ email: nonEmpty, password: nonEmpty }),
  document: V1LoginDocument,
  variables: ({ body: { email, password } }) => ({ input: { identifier: email, password } }),
  success: { status: 200, description: 'Signed in', body: SignedIn },
  reply: loginAnswer,
  fails: ['BAD_CREDENTIALS', 'TWO_FACTOR_REQUIRED', 'ACCOUNT_DISABLED', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
})

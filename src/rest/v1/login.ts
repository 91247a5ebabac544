/**
 * `POST /v1/auth/login`, documented by both dialects of `/v1`: one route with one answer that serves both.
 */
import * as z from 'zod'
import { nonEmpty } from '../../domain/base/input.ts'
import { V1LoginDocument, type V1SignedInFragment } from '../operations.ts'
import { given, post, replies, takes } from '../rows.ts'
import { User, userOf } from './shapes.ts'

const example = {
  token: 'sess_dwquijlbndwqbyuidhkwqdyuibqwd89d30y12dh22389d:dh189gd2d1ghod921',
  expire_at: '2026-11-29T09:30:00.000Z',
  accessToken: 'eyJhbGciOiJFUzI1NiJ9.eyJpZCI6IjliNjVmYmRkIn0.c2lnbmF0dXJl',
  user: {
    id: '9b65fbdd-b71c-492f-b285-d95e2a83ffc6',
    email: 'x@example.com',
    firstName: 'hi',
    lastName: 'mark',
    phone: null,
    name: 'hi mark',
    twoFactorEnabled: false,
  },
}

/** The full login answer: the opaque token of `idiot`, and the JWT and the user of `xiot`. */
export const SignedIn = z
  .object({
    token: z.string(),
    expire_at: z.date(),
    accessToken: z.string().meta({ description: 'A JWT; its claims are in the contract of the Users API' }),
    user: User,
  })
  .meta({ id: 'SignedIn', example })

export const signedIn = ({ user, credentials }: V1SignedInFragment): z.input<typeof SignedIn> => {
  const { token, expiresAt } = given(credentials.opaqueToken)
  return { token, expire_at: expiresAt, accessToken: given(credentials.accessToken).token, user: userOf(user) }
}

const texts = { tag: 'Authentication', operationId: 'PostLogin', summary: 'Sign in', success: 'Signed in' } as const

export const login = post(
  '/v1/auth/login',
  texts,
  V1LoginDocument,
  takes({ body: z.object({ email: nonEmpty, password: nonEmpty }) }, ({ body: { email, password } }) => ({
    input: { identifier: email, password },
  })),
  replies(SignedIn, signedIn),
  ['INVALID_TWO_FACTOR_CODE'],
)

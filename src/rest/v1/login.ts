/**
 * `POST /v1/auth/login`, documented by both dialects of `/v1`: one route with one answer that serves both.
 */
import { z } from 'zod'
import { nonEmpty } from '../../domain/input.ts'
import { type Reply, row } from '../dialect.ts'
import { V1LoginDocument, type V1SignedInFragment } from '../operations.ts'
import { userOf } from './shapes.ts'

/** The full login answer: the opaque token of `idiot`, and the JWT and the user of `xiot`. */
export const loginAnswer = ({ user, credentials }: V1SignedInFragment): Reply & { body: object } => ({
  status: 200,
  body: {
    token: credentials.opaqueToken?.token,
    expire_at: credentials.opaqueToken?.expiresAt,
    accessToken: credentials.accessToken?.token,
    user: userOf(user),
  },
})

export const login = row({
  method: 'POST',
  path: '/v1/auth/login',
  documented: true,
  who: 'anyone',
  body: z.object({ email: nonEmpty, password: nonEmpty }),
  document: V1LoginDocument,
  variables: ({ body: { email, password } }) => ({ input: { identifier: email, password } }),
  reply: loginAnswer,
})

/**
 * How `xiot` answers.
 */
import type { Reply, Success } from '../dialect.ts'
import type { V1VerifyTotpMutation, XiotProfileFragment } from '../operations.ts'
import { tokensOf } from '../tokens.ts'
import { loginAnswer } from '../v1/login.ts'
import { userOf } from '../v1/shapes.ts'

/** `{"statusCode": 200, "message", …}`. */
export const done = (message: string, more: object = {}): Reply => ({ status: 200, body: { statusCode: 200, message, ...more } })

export const profileOf = (user: XiotProfileFragment) => ({ ...userOf(user), createdAt: user.createdAt, updatedAt: user.updatedAt })

/** The full login answer; where the sign-in began on `authentication`, with its tokens too. */
export const verified = (signedIn: Success<V1VerifyTotpMutation['result']>): Reply => {
  const answer = loginAnswer(signedIn)
  const tokens = tokensOf(signedIn.originCredentials)
  return tokens === null ? answer : { ...answer, body: { ...answer.body, tokens } }
}

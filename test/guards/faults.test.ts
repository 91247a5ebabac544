/**
 * What is unexpected goes to nobody but the log, in a line that carries the id of the request (ASVS 16.2.4, 16.3.4, 16.5.1).
 */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { PASSWORD, type TwoFactorPerson, withTwoFactor } from '../support/accounts.ts'
import { restoreTimeAfterwards } from '../support/clock.ts'
import { type Answer, openWorld, type World } from '../support/world.ts'

let world: World
let broken: TwoFactorPerson
let loginCode: string
restoreTimeAfterwards()
beforeAll(async () => {
  world = await openWorld()
  broken = await withTwoFactor(world)
  loginCode = (await mutate(world, 'signIn', { identifier: broken.email, password: PASSWORD })).loginCode
  await world.db.client.user.update({ where: { id: broken.id }, data: { twoFactorSecret: 'not sealed by anybody' } })
}, 60_000)
afterAll(async () => await world.close())

const SIGN_IN = 'mutation($input: SignInInput!) { signIn(input: $input) { __typename } }'

it.each<[string, number, () => Promise<Answer>]>([
  ['graphql', 200, async () => await world.graphql(SIGN_IN, { input: { identifier: broken.email, password: PASSWORD, code: '123456' } })],
  ['wekan', 500, async () => await world.post('/users/login', { email: broken.email, password: PASSWORD, code: '123456' })],
  ['xiot', 500, async () => await world.post('/v1/auth/verify-totp', { loginCode, code: '123456' })],
])('a fault behind %s', async (_surface, status, send) => {
  const before = world.logs.length
  const answer = await send()
  expect(answer.status).toBe(status)
  expect(answer.text).toMatch(/Unexpected error|Internal server error/)
  expect(answer.text).not.toMatch(/seal|stack|\.ts|Error:/)
  const lines = world.logs.slice(before)
  expect(lines.map(({ level, message }) => [level, message])).toEqual([['error', 'an operation failed unexpectedly']])
  expect(lines[0]?.fields).toEqual({ requestId: answer.headers.get('x-request-id'), err: expect.any(Error) })
})

it('a fault outside every operation is masked, and logged as well', async () => {
  await world.db.client.signingKey.updateMany({ data: { privateJwk: 'not sealed by anybody' } })
  world.advance(61_000)
  const before = world.logs.length
  const answer = await world.get('/.well-known/jwks.json')
  const requestId = answer.headers.get('x-request-id')
  expect([answer.status, answer.body]).toEqual([500, { message: 'Internal server error', request_id: requestId }])
  const lines = world.logs.slice(before)
  expect(lines.map(({ level, message }) => [level, message])).toEqual([['error', 'a request failed unexpectedly']])
  expect(String(lines[0]?.fields.err)).toMatch(/SECRET_KEY/)
})

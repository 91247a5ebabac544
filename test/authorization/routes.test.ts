/**
 * The authorization matrix through the dialects: every row, tried by every kind of caller, with a body that its document
 * prints. What each route asks for is written in `expected.ts` from the contract; the form is the dialect's own. A refused call changes nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import type { Requirement, Verdict } from '../../src/domain/access/requirements.ts'
import { enabledDialects } from '../../src/rest/dialects.ts'
import { mutate } from '../graphql/ask.ts'
import { expectError } from '../guards/routes.ts'
import { admin, turnOnFactor, unique, withTwoFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { fresh, type Kind, kinds, LASTING, mailed, passwordOf, type Setup, setupFor, stateOf, verdictOf } from './callers.ts'
import { askedByRoute } from './expected.ts'

const world = useWorld(LASTING)
beforeAll(async () => void (await admin(world())))

const PASSWORD = 'a long enough one'
const newEmail = () => `route${unique()}@example.com`

interface Call {
  readonly json?: object
  /** What stands in the path and the query. */
  readonly id?: string
  readonly query?: string
}

type Make = (setup: Setup) => Call | Promise<Call>

const credentials: Make = ({ object }) => ({ json: { email: object.email, password: object.password } })
const onObject: Make = ({ object }) => ({ id: object.id })
const resetToken = async ({ world: at, object }: Setup): Promise<string> => {
  await mutate(at, 'requestPasswordReset', { email: object.email })
  return mailed(at, object.email)
}

const calls: Readonly<Record<string, Make>> = {
  'POST /v1/users': () => ({ json: { name: 'Some Body', email: newEmail(), password: PASSWORD } }),
  'GET /v1/users': () => ({}),
  'GET /v1/users/:id': onObject,
  'DELETE /v1/users/:id': onObject,
  'POST /v1/auth/login': credentials,
  'POST /v1/auth/logout': () => ({}),
  'POST /v1/auth/signup': () => ({
    json: { email: newEmail(), firstName: 'Ada', lastName: 'King', password: PASSWORD, passwordConfirmation: PASSWORD },
  }),
  'POST /v1/auth/verify-totp': async ({ world: at }) => {
    const someone = await withTwoFactor(at)
    const { loginCode } = (await at.post('/v1/auth/login', { email: someone.email, password: someone.password })).body
    return { json: { loginCode, code: someone.code() } }
  },
  'GET /v1/profile': () => ({}),
  'PUT /v1/profile': () => ({ json: { firstName: 'Grace' } }),
  'PUT /v1/security/change-password': (setup) => ({
    json: { oldPassword: passwordOf(setup), password: PASSWORD, passwordConfirmation: PASSWORD },
  }),
  'POST /v1/security/forget-password': ({ object }) => ({ json: { email: object.email } }),
  'POST /v1/security/reset-password': async (setup) => ({ json: { token: await resetToken(setup), password: PASSWORD } }),
  'POST /v1/security/twofactor-enable': () => ({}),
  'POST /v1/security/twofactor-disable': async (setup) => {
    if (setup.allowed) await turnOnFactor(setup.world, setup.caller.token ?? '')
    return { json: { password: passwordOf(setup) } }
  },
  'PUT /v1/account/change-email': () => ({ json: { email: newEmail() } }),
  'POST /auth': () => ({}),
  'POST /auth/register': () => ({ json: { name: 'Some Body', email: newEmail(), password: PASSWORD, confirm: PASSWORD } }),
  'POST /auth/login': credentials,
  'POST /auth/logout': ({ object }) => ({ json: { refreshToken: object.refreshToken } }),
  'POST /auth/refresh-tokens': ({ object }) => ({ json: { refreshToken: object.refreshToken } }),
  'POST /auth/reset-password': async (setup) => ({ query: `?token=${await resetToken(setup)}`, json: { password: PASSWORD } }),
  'POST /auth/forgot-password': ({ object }) => ({ json: { email: object.email } }),
  'POST /users/register': () => ({ json: { username: `route${unique()}`, email: newEmail(), password: PASSWORD } }),
  'POST /users/login': ({ object }) => ({ json: { username: object.username, password: object.password } }),
  'POST /users/logout': () => ({}),
  'POST /api/users': () => ({ json: { username: `route${unique()}`, email: newEmail(), password: PASSWORD } }),
  'GET /api/users': () => ({}),
  'GET /api/users/:id': onObject,
  'DELETE /api/users/:id': onObject,
  'PUT /api/users/:id': ({ object }) => ({ id: object.id, json: { action: 'enableLogin' } }),
  'GET /api/user': () => ({}),
}

interface Cell {
  readonly route: string
  readonly mount: string
  readonly kind: Kind
  readonly verdict: Verdict
}

const rows = enabledDialects(readConfig({})).flatMap(({ mounts }) =>
  mounts.flatMap((mount) =>
    mount.rows.map((row) => ({ route: `${row.method} ${row.path}`, mount: mount.path, who: row.who as Requirement })),
  ),
)
const routes = [...new Map(rows.map((row) => [row.route, row])).values()]
const mountOf = (route: string): string => routes.find((one) => one.route === route)?.mount ?? ''
const cells: readonly Cell[] = Object.entries(askedByRoute).flatMap(([route, requirement]) =>
  kinds.map((kind) => ({ route, mount: mountOf(route), kind, verdict: verdictOf(kind, requirement) })),
)

const statusOf: Partial<Record<Verdict, number>> = { UNAUTHENTICATED: 401, REAUTHENTICATION_REQUIRED: 401, FORBIDDEN: 403 }

const send = async (route: string, { world: at, caller }: Setup, { json, id = '', query = '' }: Call) => {
  const [method = '', path = ''] = route.split(' ')
  return await at.request(method, path.replace(':id', id) + query, { json, token: caller.token })
}

describe('every cell of the matrix, through the dialects', () => {
  it.each(cells.map((cell) => [`${cell.route}, ${cell.kind}: ${cell.verdict}`, cell] as const))(
    '%s',
    async (_title, { route, mount, kind, verdict }) => {
      const setup = await setupFor(world(), kind, false, verdict === 'allowed')
      const call = (await calls[route]?.(setup)) ?? {}
      const before = await stateOf(world())
      const answer = await send(route, setup, call)
      if (verdict === 'allowed') return expect([200, 201]).toContain(answer.status)
      expectError(mount, answer, statusOf[verdict] ?? 0)
      expect(await stateOf(world())).toBe(before)
    },
  )

  it('the matrix has a call for each route, and no other', () => {
    expect(Object.keys(calls).sort()).toEqual(routes.map(({ route }) => route).sort())
    expect(Object.fromEntries(routes.map(({ route, who }) => [route, who]))).toEqual(askedByRoute)
  })

  afterAll(() => void process.stdout.write(`authorization matrix through the dialects: ${cells.length} cells of ${routes.length} routes\n`))
})

describe('deletion through a dialect', () => {
  it.each(['/v1/users', '/api/users'])('%s: only an administrator deletes an administrator', async (path) => {
    const boss = await fresh(world(), 'admin')
    const scoped = await fresh(world(), 'scoped')
    const answer = await world().delete(`${path}/${boss.account?.id}`, scoped.token)
    expect(answer.status).toBe(403)
    expect(await world().db.client.user.count({ where: { id: boss.account?.id ?? '' } })).toBe(1)
  })
})

/**
 * Clients that are generated from the OpenAPI documents: the compiler knows which of its shapes an answer has, once the client has looked
 * for a property that only one of them has.
 */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PASSWORD, person, withTwoFactor } from '../support/accounts.ts'
import { type ClientFolder, openClientFolder } from '../support/clientFolder.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()
let folder: ClientFolder
beforeAll(async () => {
  folder = openClientFolder()
  for (const name of ['idiot', 'wekan', 'xiot', 'authentication'])
    await folder.addTypes(name, (await world().get(`/openapi/${name}.json`)).body)
})
afterAll(() => folder.remove())

const client = (name: string, work: string): string => `
  import createClient from 'openapi-fetch'
  import type { paths } from './${name}.js'
  export const logIn = async (baseUrl: string, email: string, password: string): Promise<string> => {
    const client = createClient<paths>({ baseUrl })
    ${work}
  }`

const V1 = `
    const { data, error } = await client.POST('/auth/login', { body: { email, password } })
    if (error !== undefined) return error.message`

const narrowed = `${V1}
    return 'loginCode' in data ? 'a code is needed: ' + data.loginCode : 'signed in until ' + data.expire_at`

const AUTHENTICATION = `
    const { data, error } = await client.POST('/auth/login', { body: { email, password } })
    if (error === undefined) return 'signed in until ' + data.tokens.access.expires
    return 'loginCode' in error ? 'a code is needed: ' + error.loginCode : error.message`

type LogIn = (baseUrl: string, email: string, password: string) => Promise<string>

describe.each([
  ['idiot', '/v1', narrowed, 'Invalid email or password'],
  ['xiot', '/v1', narrowed, 'Invalid email or password'],
  ['authentication', '', AUTHENTICATION, 'Incorrect email or password'],
])('a client of %s', (name, basePath, work, refusal) => {
  it(`a client of ${name} tells by a property whether its login is over or needs a code`, async () => {
    expect(folder.compile(`${name}-client`, client(name, work))).toEqual([])
    const { logIn }: { logIn: LogIn } = await import(/* @vite-ignore */ join(folder.path, `${name}-client.js`))
    const [plain, careful] = [await person(world()), await withTwoFactor(world())]
    const at = world().url + basePath
    expect(await logIn(at, plain.email, PASSWORD)).toMatch(/^signed in until \d{4}-\d\d-\d\dT/)
    expect(await logIn(at, careful.email, PASSWORD)).toMatch(/^a code is needed: [\w-]{20,}$/)
    expect(await logIn(at, plain.email, 'wrong')).toBe(refusal)
  })
})

it.each([
  ['a token without looking which answer it is', 'data.token', 'token'],
  ['a login code of an answer with tokens', "'token' in data ? data.loginCode : ''", 'loginCode'],
])('a client that takes %s does not compile', (_what, taken, property) => {
  const errors = folder.compile('wrong', client('xiot', `${V1}\n    return ${taken}`))
  expect(errors).toEqual([expect.stringContaining(`Property '${property}' does not exist on type`)])
})

it('a client of wekan reads an account without looking which answer it is', () => {
  const work = `
    const { data } = await client.GET('/api/users/{id}', { params: { path: { id: email } } })
    return (data?.emails[0]?.address ?? '') + password`
  expect(folder.compile('wekan-client', client('wekan', work))).toEqual([])
})

/**
 * The documents of `wekan` and `xiot` are prose, so less can be compared: that each route is there, whether it needs a token, its
 * parameters, and that the calls and answers they print fit the schemas.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { changed, committed } from './committed.ts'
import { parseMarkdown } from './markdown/parse.ts'
import { compareProse } from './prose/compare.ts'
import { printedAgain } from './prose/printed.ts'
import type { ProseRoute } from './prose/route.ts'
import { wekanRoutes } from './prose/wekan.ts'
import { xiotRoutes } from './prose/xiot.ts'
import { markdownOf } from './widdershins.ts'

const read = (file: string): string => readFileSync(new URL(`./originals/${file}`, import.meta.url), 'utf8')
const routes = { wekan: wekanRoutes(read('wekan-rest-api-user.md')), xiot: xiotRoutes(read('xiot-users-api.md')) }
type Name = keyof typeof routes

const expected = {
  // `PUT /api/users/:id` is printed twice, once for each action.
  wekan: { routes: 9, parameters: 7, requests: 5, answers: 10 },
  xiot: { routes: 10, parameters: 17, requests: 0, answers: 2 },
}

/** A username or an e-mail is enough (contract, section 5). */
const differences: Readonly<Record<Name, readonly string[]>> = {
  wekan: ['username', 'email'].map((name) => `POST /users/register: body ${name} is not required`),
  xiot: [],
}

describe.each(['wekan', 'xiot'] as const)('%s', (name) => {
  it('the document has every route, parameter, call and answer of the original', () => {
    const { differences: found, equal } = compareProse(routes[name], committed(name))
    const counts = Object.entries(equal).map(([kind, count]) => `${count} ${kind}`)
    process.stdout.write(`${name}: ${counts.join(', ')} equal to the original; ${found.length} different\n`)
    expect(found).toEqual(differences[name])
    expect(equal).toEqual(expected[name])
  })

  it('the document has no other documented route', () => {
    const printed = new Set(routes[name].map(({ method, path }) => `${method} ${path}`))
    expect(printed.size).toBe(name === 'wekan' ? 8 : 10)
  })
})

/** Values of printed answers that ours prints otherwise, or not. */
const otherwise: Readonly<Record<Name, Readonly<Record<string, readonly string[]>>>> = {
  wekan: {
    // Secrets are replaced, and an example has one element of a list.
    'GET /api/users/{id} 200': [
      '.services.password.bcrypt',
      '.services.email.verificationTokens[0].token',
      '.services.resume.loginTokens[0].hashedToken',
      '.services.resume.loginTokens[1]',
      '.services.resume.loginTokens[1].when',
      '.services.resume.loginTokens[1].hashedToken',
    ],
    'GET /api/users 200': ['[1]', '[1]._id', '[1].username'],
    // One account is the example of every answer; its page shows another one here, and placeholders at the login.
    'GET /api/user 200': ['._id', '.createdAt', '.emails[0].address'],
    'POST /users/login 200': ['.id', '.token', '.tokenExpires'],
  },
  // The page lost the address.
  xiot: { 'POST /v1/auth/signup 200': ['.message'] },
}

it.each([
  ['wekan', 7, 55],
  ['xiot', 2, 9],
] as const)('%s prints the answers of the original again', async (name, answers, leaves) => {
  const { operations } = parseMarkdown(await markdownOf(committed(name)))
  const printed = printedAgain(routes[name], operations)
  const others = printed.filter((one) => one.others.length > 0)
  expect(Object.fromEntries(others.map((one) => [one.name, one.others]))).toEqual(otherwise[name])
  expect(printed).toHaveLength(answers)
  expect(printed.reduce((sum, one) => sum + one.leaves, 0)).toBe(leaves)
})

const responses = (route: unknown) => route as Record<string, { content: { 'application/json': { schema: object } } }>

it.each<[string, Name, Parameters<typeof changed>[1], string]>([
  ['without a route', 'wekan', ({ paths }) => Reflect.deleteProperty(paths ?? {}, '/api/user'), 'GET /api/user is missing'],
  [
    'with a route that needs no token any more',
    'wekan',
    ({ paths }) => Object.assign(paths?.['/api/user']?.get ?? {}, { security: [] }),
    'GET /api/user: needs no token',
  ],
  [
    'without a field of a body',
    'xiot',
    ({ paths }) =>
      Reflect.deleteProperty(paths?.['/profile']?.put?.requestBody?.content?.['application/json']?.schema?.properties ?? {}, 'phone'),
    'PUT /v1/profile: body phone is missing',
  ],
  [
    'where a path parameter is optional',
    'wekan',
    ({ paths }) => Object.assign(paths?.['/api/users/{id}']?.delete?.parameters?.[0] ?? {}, { required: false }),
    'DELETE /api/users/{id}: path id is not required',
  ],
  [
    'with another example of a parameter',
    'wekan',
    ({ paths }) => Object.assign(paths?.['/api/users/{id}']?.delete?.parameters?.[0]?.schema ?? {}, { example: 'x' }),
    'DELETE /api/users/{id}: path id has the example x, not BsNr28znDkG8aeo7W',
  ],
  [
    'with another description of a field',
    'wekan',
    ({ components }) => Object.assign(components?.schemas?.Credentials?.properties?.email ?? {}, { description: 'An address' }),
    'POST /users/register: body email has the description An address, not Your email',
  ],
  [
    'without a property of an answer',
    'wekan',
    ({ components }) => Reflect.deleteProperty(components?.schemas?.SignedIn?.properties ?? {}, 'tokenExpires'),
    'POST /users/login: answer 200.tokenExpires: unknown',
  ],
  [
    'with another type in an answer',
    'wekan',
    ({ components }) => Object.assign(components?.schemas?.UserDocument?.properties?.createdAt ?? {}, { type: 'integer' }),
    'GET /api/users/{id}: answer 200.createdAt: string is not "integer"',
  ],
  [
    'that refuses a printed call',
    'wekan',
    ({ paths }) =>
      Object.assign(paths?.['/api/users/{id}']?.put?.requestBody?.content?.['application/json']?.schema?.properties?.action ?? {}, {
        enum: ['enableLogin'],
      }),
    'PUT /api/users/{id}: a printed call is invalid: it/action must be equal to one of the allowed values',
  ],
  [
    'without a printed status',
    'xiot',
    ({ paths }) => Reflect.deleteProperty(responses(paths?.['/auth/signup']?.post?.responses), '400'),
    'POST /v1/auth/signup: status 400 has no schema',
  ],
])('a document %s differs from the original of %s', (_what, name, change, difference) => {
  const { differences: found } = compareProse(routes[name], changed(committed(name), change))
  expect(found).toContain(difference)
  expect(compareProse(routes[name], committed(name)).differences).not.toContain(difference)
})

it('the comparison reads every route that the texts name', () => {
  const named = (text: string, pattern: RegExp) => new Set([...text.matchAll(pattern)].map(([, path]) => path?.replace(/:(\w+)/, '{$1}')))
  const pathsOf = (list: readonly ProseRoute[]) => new Set(list.map(({ path }) => path))
  expect(pathsOf(routes.wekan)).toEqual(new Set([...named(read('wekan-rest-api-user.md'), /^(\/\S+) \|$/gm), '/users/login']))
  expect(pathsOf(routes.xiot)).toEqual(named(read('xiot-users-api.md'), /users-api\.xiot\.cloud(\/\S+)/g))
})

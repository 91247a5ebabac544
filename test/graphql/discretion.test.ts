/**
 * What an answer repeats of its request: in production no value, no suggestion and no name but those of the schema, in no error and in
 * no header; elsewhere all that helps, but for the values of variables.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../support/fullSize.ts'
import { type Answer, useWorld } from '../support/world.ts'

const production = useWorld({ NODE_ENV: 'production' })
const development = useWorld()

const messagesOf = ({ body }: Answer): string[] => body.errors.map(({ message }: { message: string }) => message)
const ask = async (world: typeof production, query: string, variables: object = {}, more: object = {}): Promise<Answer> =>
  await world().request('POST', '/graphql', { json: { query, variables, ...more } })

describe('an error', () => {
  it.each<[string, string, string, string]>([
    [
      'a field',
      '{ me { userName } }',
      'Cannot query field "…" on type "User".',
      'Cannot query field "userName" on type "User". Did you mean "username", "lastName", or "name"?',
    ],
    [
      'an argument',
      '{ users(fist: 1) { __typename } }',
      'Unknown argument "…" on field "Query.users".',
      'Unknown argument "fist" on field "Query.users". Did you mean "first" or "last"?',
    ],
    ['a type', '{ me { ... on Usr { id } } }', 'Unknown type "…".', 'Unknown type "Usr". Did you mean "User" or "URL"?'],
    [
      'an enum value',
      '{ users(orderBy: { field: NAM }) { __typename } }',
      'Value "…" does not exist in "UserOrderField" enum.',
      'Value "NAM" does not exist in "UserOrderField" enum. Did you mean the enum value "NAME"?',
    ],
    [
      'an enum value in quotes',
      '{ users(orderBy: { field: "NAME" }) { __typename } }',
      'Enum "UserOrderField" cannot represent the value.',
      'Enum "UserOrderField" cannot represent non-enum value: "NAME". Did you mean the enum value "NAME"?',
    ],
    [
      'a field of an input',
      'mutation { signIn(input: { identifier: "a", idntifier: "a", password: "b" }) { __typename } }',
      'Field "…" is not defined by type "SignInInput".',
      'Field "idntifier" is not defined by type "SignInInput". Did you mean "identifier"?',
    ],
    [
      'a selection',
      '{ me }',
      'Field "me" of type "User" must have a selection of subfields.',
      'Field "me" of type "User" must have a selection of subfields. Did you mean "me { ... }"?',
    ],
    ['a directive', '{ me @skp(if: true) { id } }', 'Unknown directive "…".', 'Unknown directive "@skp".'],
    ['a fragment', '{ ...Secret }', 'Unknown fragment "…".', 'Unknown fragment "Secret".'],
    ['a variable', '{ node(id: $hunter) { id } }', 'Variable "…" is not defined.', 'Variable "$hunter" is not defined.'],
    ['a syntax', '{ me { id } } hunter2', 'Syntax Error: Unexpected Name "…".', 'Syntax Error: Unexpected Name "hunter2".'],
    ['a missing bracket', 'query($a: Int = "hunter2) { me }', 'Syntax Error: Unterminated string.', 'Syntax Error: Unterminated string.'],
    [
      'a word in the place of another',
      'query Q ["hunter2"] { me }',
      'Syntax Error: Expected "{".',
      'Syntax Error: Expected "{", found "[".',
    ],
    [
      'a literal of a wrong type',
      'mutation { signIn(input: { identifier: "a", password: ["hunter2"] }) { __typename } }',
      'String cannot represent the value.',
      'String cannot represent a non string value: ["hunter2"]',
    ],
    [
      'a number',
      '{ users(first: 987654321987) { __typename } }',
      'Int cannot represent the value.',
      'Int cannot represent non 32-bit signed integer value: 987654321987',
    ],
  ])('an error about %s repeats nothing of it', async (_what, query, inProduction, elsewhere) => {
    const [first] = messagesOf(await ask(development, query))
    expect(first).toBe(elsewhere)
    const answer = await ask(production, query)
    expect(messagesOf(answer)[0]).toBe(inProduction)
    expect(answer.body.errors[0].locations[0]).toEqual({ line: 1, column: expect.any(Number) })
    expect(answer.text).not.toMatch(/hunter|Did you mean|987654321987/)
  })

  it('an error about a variable names neither its value nor, in production, what is not in the schema', async () => {
    const query = 'mutation($mine: SignInInput!) { signIn(input: $mine) { __typename } }'
    const variables = { mine: { identifier: 'a', password: ['hunter2'], hunter3: 1 } }
    expect((await ask(development, query, variables)).text).not.toContain('hunter2')
    const answer = await ask(production, query, variables)
    expect(messagesOf(answer)[0]).toMatch(/^Variable "…" got an invalid value/)
    expect(answer.text).not.toMatch(/hunter|mine/)
  })

  it('an error about the name of an operation does not say which', async () => {
    const answer = await ask(production, 'query A { me { id } } query B { me { id } }', {}, { operationName: 'hunter2' })
    expect(answer.status).toBe(400)
    expect(answer.text).not.toContain('hunter2')
    const extra = await ask(production, '{ me { id } }', {}, { hunter2: 1 })
    expect(messagesOf(extra)).toEqual(['Unexpected parameter "…" in the request body.'])
  })

  it('repeats nothing, wherever a secret stands', async () => {
    const secret = 'hunter2000'
    const number = '7316294051'
    const whole = `query Q($input: SignInInput!, $first: Int = 3) {
      users(first: 1, orderBy: { field: NAME, direction: ASC }) { ... on UserConnection @include(if: true) { edges { node { ...F } } } }
      me { id }
    } fragment F on User { name: username }`
    const tokens = whole.split(/([\s{}()[\],:@$]+)/)
    const words = tokens.flatMap((token, index) => (/^\w/.test(token) ? [index] : []))
    const instead = fc.constantFrom(
      secret,
      `"${secret}"`,
      `["${secret}"]`,
      `{ ${secret}: "${secret}" }`,
      `$${secret}`,
      `@${secret}`,
      number,
      `-${number}.5`,
      `"${secret}`,
      `"""${secret}`,
      `...${secret}`,
    )
    const edits = fc.array(fc.tuple(fc.constantFrom(...words), instead), { minLength: 1, maxLength: 2 })
    const json = fc.constantFrom<unknown>(secret, [secret], { [secret]: secret }, Number(number), {
      identifier: secret,
      password: [secret],
    })
    await fc.assert(
      fc.asyncProperty(edits, json, async (changes, value) => {
        const changed = [...tokens]
        for (const [index, text] of changes) changed[index] = text
        const answer = await ask(production, changed.join(''), { input: value, first: value })
        expect(answer.status).toBeLessThan(500)
        expect(answer.text.replace(/"path":\[[^\]]*\]/g, '')).not.toMatch(/hunter|7316294051|Did you mean/)
      }),
      { numRuns: runs(50, 150) },
    )
  }, 60_000)
})

describe('a media type that nobody answers in', () => {
  const types = Array.from({ length: 1_000 }, (_, index) => `a/hunter${index}`)
    .join(',')
    .slice(0, 9_600)

  it.each([
    ['production', production],
    ['development', development],
  ])('a media type that nobody answers in is 406 in %s, before anything runs, without a word of the request', async (_where, world) => {
    for (const accept of [types, 'image/png', 'text/html;charset=latin1', 'application/json;charset=latin1', 'hunter']) {
      const before = await world().db.client.user.count()
      const query = 'mutation { signUp(input: { email: "somebody@example.com", password: "long enough for it" }) { __typename } }'
      const answer = await world().request('POST', '/graphql', { json: { query }, headers: { accept } })
      expect([answer.status, answer.body]).toEqual([
        406,
        {
          errors: [
            {
              message: 'Answers are application/graphql-response+json or application/json',
              extensions: { code: 'NOT_ACCEPTABLE' },
            },
          ],
        },
      ])
      const head = JSON.stringify([...answer.headers])
      expect(head).not.toContain('hunter')
      expect(head.length).toBeLessThan(1_000)
      expect(await world().db.client.user.count()).toBe(before)
    }
  })

  it.each([
    ['', 'application/json; charset=utf-8'],
    ['*/*', 'application/json; charset=utf-8'],
    ['application/*', 'application/json; charset=utf-8'],
    ['image/png, */*;q=0.1', 'application/json; charset=utf-8'],
    ['application/json', 'application/json; charset=utf-8'],
    [
      'application/graphql-response+json; charset=utf-8, application/json; charset=utf-8',
      'application/graphql-response+json; charset=utf-8',
    ],
    ['APPLICATION/GraphQL-Response+JSON', 'application/graphql-response+json; charset=utf-8'],
  ])('a media type that nobody answers in is no matter beside one that is: %j', async (accept, type) => {
    const { status, headers } = await production().request('POST', '/graphql', { json: { query: '{ __typename }' }, headers: { accept } })
    expect([status, headers.get('content-type')]).toEqual([200, type])
  })
})

it('no header of an answer repeats what the request said', async () => {
  const marked = 'marked.example'
  for (const world of [production, development])
    for (const [method, path] of [
      ['GET', '/graphql'],
      ['POST', '/graphql'],
      ['OPTIONS', '/graphql'],
      ['GET', `/v1/${marked}`],
      ['GET', '/v1/profile'],
      ['DELETE', '/v1/profile'],
      ['POST', '/auth/login'],
      ['GET', `/${marked}`],
      ['GET', `/reset-password?${marked}`],
      ['GET', `/docs?${marked}`],
      ['GET', `/docs/${marked}`],
    ] as const) {
      const headers = {
        accept: `${marked}/${marked}`,
        authorization: `Bearer ${marked}`,
        origin: `https://${marked}`,
        referer: `https://${marked}/`,
        cookie: `__Host-vestibule-session=${marked}`,
        'x-request-id': marked,
        'x-forwarded-for': marked,
        'x-forwarded-host': marked,
        'content-type': `text/${marked}`,
        'accept-language': marked,
        'access-control-request-headers': marked,
        'access-control-request-method': 'POST',
        'user-agent': marked,
      }
      const answer = await world().request(method, path, { headers, ...(method === 'POST' ? { raw: marked } : {}) })
      expect([path, JSON.stringify([...answer.headers])]).toEqual([path, expect.not.stringContaining('marked')])
    }
})

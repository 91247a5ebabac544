/**
 * The time that input takes is bounded by its length (ASVS 1.3.12, CWE-1333): texts of 90,000 characters in every field of every mutation and of
 * every route, and headers as long as the server takes, of the kinds on which regular expressions that backtrack, normalisation and parsers
 * take quadratic time or more. Quadratic time would be seconds.
 */
import { isInputObjectType, isNonNullType, isScalarType } from 'graphql'
import { beforeAll, describe, expect, it } from 'vitest'
import { schema } from '../../src/graphql/schema.ts'
import { admin } from '../support/accounts.ts'
import { isFullSize } from '../support/fullSize.ts'
import { type Send, useWorld } from '../support/world.ts'
import { bodyRoutes, sampleBody, urlOf } from './routes.ts'

const world = useWorld({
  // What it says of errors is looked through once more.
  NODE_ENV: 'production',
  LIMIT_PASSWORD_FAILURES: '100000',
  LIMIT_PASSWORD_FAILURES_HARD: '100000',
  TRUSTED_PROXIES: '127.0.0.1',
  LIMIT_CHANGES: '100000',
})
let token: string
beforeAll(async () => {
  token = (await admin(world())).token
  await timeOf('GET', '/healthz', {})
})

/** In ms; the machine may be busy, so the better of three tries counts. */
const LIMIT = 1_000
const LENGTH = 90_000

const filled = (unit: string, length: number): string => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)

/** Bytes count, too: a text of a script that has three bytes to a letter is a third as long. */
const textOf = (unit: string, length = LENGTH): string => filled(unit, Math.floor((length * unit.length) / Buffer.byteLength(unit)))

const UNITS: readonly (readonly [string, string])[] = [
  ['one letter', 'a'],
  ['spaces and letters', ' a'],
  ['signs of addresses', 'a@'],
  ['the beginnings of hashes', '$2b$10$'],
  ['escapes', '%25'],
  ['escaped quotes', '\\"'],
  ['brackets', '(['],
  ['commas', 'a,'],
  ['semicolons', 'a;b=c;'],
  ['accents', '\u0301'],
  ['letters that become many', '\uFDFA'],
  ['Arabic', 'م '],
  ['emoji', '👩‍👩‍👧'],
]

const timeOf = async (method: string, path: string, send: Send): Promise<number> => {
  let best = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 3 && best >= LIMIT; tries += 1) {
    const begun = performance.now()
    const { status } = await world().request(method, path, send)
    best = Math.min(best, performance.now() - begun)
    expect([200, 201, 400, 401, 403, 404, 406, 409, 413, 415, 422, 429, 431]).toContain(status)
  }
  return best
}

/** A value that is right in form for a field that is no text, undefined for a text. */
const otherValueOf = (type: unknown): unknown => {
  const named = isNonNullType(type) ? type.ofType : type
  return isScalarType(named) && ['String', 'ID', 'EmailAddress'].includes(named.name) ? undefined : null
}

const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => {
  const [input] = args
  const type = isNonNullType(input?.type) ? input.type.ofType : input?.type
  if (!isInputObjectType(type)) return []
  const texts = Object.values(type.getFields()).filter((field) => otherValueOf(field.type) === undefined)
  return texts.length === 0 ? [] : [{ name, type: type.name, fields: texts.map((field) => field.name) }]
})

/** The fields share the length that a body may have. */
const inputOf = (fields: readonly string[], unit: string): Record<string, string> =>
  Object.fromEntries(fields.map((field) => [field, textOf(unit, LENGTH / fields.length)]))

/** Documents with a text where a text may stand, and with a name as long as that, of which most are wrong. */
const documentsOf = (unit: string): readonly string[] => {
  const text = textOf(unit)
  const name = `a${text.replace(/\W/g, '_')}`
  return [
    `{ ${name} }`,
    `query ${name} { __typename }`,
    `query($${name}: Int) { __typename }`,
    `query($a: ${name}) { __typename }`,
    `{ ...${name} }`,
    `{ __typename @${name} }`,
    `{ node(id: ${name}) { id } }`,
    `{ user(by: { ${name}: "a" }) { id } }`,
    `{ user(by: { username: ${JSON.stringify(text)} }) { id } }`,
    `{ node(id: """${text}""") { id } }`,
    `{ users(first: ${JSON.stringify(text)}) { totalCount } }`,
    `{ node(id: "${text}`,
    `{ node(id: ${text}) { id } }`,
    `# ${text}\n{ __typename }`,
    text,
  ]
}

/** Those that attack what is attacked most; with TEST_SIZE=full all. */
const TRIED = UNITS.filter(
  ([what]) => isFullSize || ['one letter', 'spaces and letters', 'escaped quotes', 'letters that become many'].includes(what),
)

describe.each(TRIED)('%s', (_what, unit) => {
  it('a document that holds a text of them is not looked at for long', async () => {
    const slow: string[] = []
    for (const query of documentsOf(unit)) {
      const took = await timeOf('POST', '/graphql', { json: { query } })
      if (took >= LIMIT) slow.push(`${query.slice(0, 40)}: ${Math.round(took)} ms`)
    }
    expect(slow).toEqual([])
  })

  it('a text of them takes no mutation of GraphQL long', async () => {
    const slow: string[] = []
    for (const { name, type, fields } of mutations) {
      const query = `mutation($input: ${type}!) { result: ${name}(input: $input) { __typename ... on Error { code } } }`
      const took = await timeOf('POST', '/graphql', { json: { query, variables: { input: inputOf(fields, unit) } }, token })
      if (took >= LIMIT) slow.push(`${name}: ${Math.round(took)} ms`)
    }
    expect(slow).toEqual([])
  })

  it('a text of them takes no route of a dialect long', async () => {
    const slow: string[] = []
    for (const route of bodyRoutes) {
      const texts = Object.entries(sampleBody(route)).filter(([, value]) => typeof value === 'string')
      const json = {
        ...sampleBody(route),
        ...inputOf(
          texts.map(([name]) => name),
          unit,
        ),
      }
      const took = await timeOf(route.method, urlOf(route), { json, token })
      if (took >= LIMIT) slow.push(`${route.name}: ${Math.round(took)} ms`)
    }
    expect(slow).toEqual([])
  })

  it('a header or an address of them takes no request long', async () => {
    const ascii = unit.replace(/[^\x20-\x7e]/g, 'a').trim() || 'a'
    const text = textOf(ascii, 14_000)
    const names = [
      'authorization',
      'cookie',
      'accept',
      'accept-language',
      'content-type',
      'x-forwarded-for',
      'forwarded',
      'origin',
      'user-agent',
      'x-request-id',
      'traceparent',
      'if-none-match',
      'access-control-request-headers',
    ]
    const slow: string[] = []
    const note = (what: string, took: number): void => {
      if (took >= LIMIT) slow.push(`${what}: ${Math.round(took)} ms`)
    }
    for (const name of names) {
      const value = name === 'authorization' ? `Bearer ${text}` : text
      note(
        name,
        await timeOf('POST', '/graphql', { headers: { 'content-type': 'application/json', [name]: value }, raw: '{"query":"{me{id}}"}' }),
      )
    }
    for (const path of [
      `/${encodeURIComponent(text)}`,
      `/v1/users/${encodeURIComponent(text)}`,
      `/api/user?access_token=${encodeURIComponent(text)}`,
    ])
      note(path.slice(0, 20), await timeOf('GET', path.slice(0, 15_000).replace(/%.?$/, ''), { token }))
    expect(slow).toEqual([])
  })
})

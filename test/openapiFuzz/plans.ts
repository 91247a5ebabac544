/**
 * What to send to an operation, as plain data, so that a failure can be made small and sent again: whose token, which fields,
 * what is done to them, and how all that is written down. Made from the operation's own description.
 */
import fc, { type Arbitrary } from 'fast-check'
import { anyText } from '../support/anyText.ts'
import type { Operation } from '../support/conformance/described.ts'
import { type JsonObject, objectAt, resolved } from '../support/openApiDocument.ts'
import { anyJsonText, validText } from './values.ts'

/** Whose token a request carries: `right` is that of somebody who may. */
export const BEARERS = [
  'right',
  'nobody',
  'person',
  'admin',
  'twoFactor',
  'revoked',
  'expired',
  'refresh',
  'loginCode',
  'personal',
  'opaque',
  'wekan',
  'basic',
  'empty',
  'spaced',
  'lowerCase',
] as const
export type Bearer = (typeof BEARERS)[number] | { readonly text: string }

export type Edit =
  | { readonly kind: 'drop'; readonly field: string }
  | { readonly kind: 'set' | 'add'; readonly field: string; readonly json: string }

export interface Plan {
  readonly bearer: Bearer
  /** Fields that are right for who asks, over those that the document alone allows; or these alone. */
  readonly start: 'right' | 'valid' | 'empty'
  /** A body by the document, as JSON text. */
  readonly valid: string
  readonly edits: readonly Edit[]
  /** Path parameters instead of the right ones. */
  readonly params: Readonly<Record<string, string>>
  /** Query parameters instead of the right ones; null for none. */
  readonly query: Readonly<Record<string, string | null>>
  /** What is put behind the query. */
  readonly moreQuery: string
  readonly written: 'json' | 'form' | { readonly raw: string }
  readonly contentType: string | null
  readonly headers: Readonly<Record<string, string>>
}

const bearers: Arbitrary<Bearer> = fc.oneof(
  { weight: 12, arbitrary: fc.constant<Bearer>('right') },
  { weight: 8, arbitrary: fc.constantFrom<Bearer>(...BEARERS) },
  { weight: 1, arbitrary: fc.stringMatching(/^[\x21-\x7e]{1,60}$/).map((text) => ({ text })) },
  { weight: 1, arbitrary: fc.stringMatching(/^[\w-]{1,20}\.[\w-]{1,20}\.[\w-]{0,20}$/).map((text) => ({ text })) },
  { weight: 1, arbitrary: fc.constantFrom('sess_a:b', 'sess_:', 'a.b.c', 'rt_x.0.y', 'a'.repeat(7_000)).map((text) => ({ text })) },
)

const CONTENT_TYPES = [
  'application/json; charset=utf-8',
  'Application/JSON;charset="UTF-8"',
  'application/json; charset=utf-16',
  'application/json;charset',
  'application/x-www-form-urlencoded',
  'application/problem+json',
  'text/plain',
  'multipart/form-data; boundary=x',
  ';',
]
const contentTypes = fc.oneof(
  { weight: 8, arbitrary: fc.constant('application/json') },
  { weight: 1, arbitrary: fc.constantFrom(null, ...CONTENT_TYPES) },
)

const queryText = fc.oneof(
  { weight: 6, arbitrary: fc.constant('') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'a=1',
      'a=1&a=2',
      'access_token=x',
      '__proto__=1',
      '%',
      '%zz',
      '%ff',
      'limit=1&limit=2',
      'offset[]=1',
      'password=x',
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[\w%&=+.;[\]-]{0,30}$/) },
)

const headers = fc.oneof(
  { weight: 8, arbitrary: fc.constant<Record<string, string>>({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Record<string, string>>(
      { accept: 'text/html' },
      { accept: 'application/xml;q=0' },
      { 'accept-language': 'ar, *;q=0.1' },
      { 'content-encoding': 'gzip' },
      { 'x-request-id': 'mine' },
      { 'x-forwarded-for': '1.2.3.4' },
      { 'x-http-method-override': 'DELETE' },
      { origin: 'https://evil.example' },
      { cookie: '__Host-vestibule-session=x' },
      { 'if-none-match': '*' },
      { range: 'bytes=0-1' },
      { expect: '100-continue' },
    ),
  },
)

const TOO_LARGE = { raw: `{"a": "${'x'.repeat(100 * 1024)}"}` }

const raws = fc.oneof(
  fc.constantFrom('', ' ', 'null', '[]', '"text"', '{', '{}', '{"a":}', '{} {}', '\ufeff{}', 'NaN', '[{}]', '{"a": 1e999}', 'a=b', '%'),
  fc.string({ unit: 'binary', maxLength: 60 }).map((text) => text.toWellFormed()),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.stringify(value)),
  fc.constant(TOO_LARGE.raw),
)

/** A path segment as it is written. */
const segments = fc.oneof(
  fc.uuid(),
  anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  fc.stringMatching(/^[%a-f0-9~.;:@!-]{1,12}$/),
  fc.constantFrom('%00', '%2F', '%2e%2e', '%ff', 'x'.repeat(2_000), "'%20OR%201=1"),
)

export const fieldsOf = (document: JsonObject, operation: Operation): JsonObject => {
  const schema = operation.body.get('application/json')
  return schema === undefined ? {} : objectAt(resolved(document, schema).properties)
}

const editOf = (document: JsonObject, operation: Operation): Arbitrary<Edit> => {
  const fields = Object.entries(fieldsOf(document, operation))
  const extra = fc.record({
    kind: fc.constant('set' as const),
    field: fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'id', 'isAdmin', 'scopes', 'toString', '', 'access_token', 'code'),
      anyText,
    ),
    json: anyJsonText(document, true),
  })
  const own = fields.flatMap(([field, schema]): Arbitrary<Edit>[] => [
    fc.constant({ kind: 'drop', field }),
    fc.record({ kind: fc.constantFrom('set', 'set', 'add'), field: fc.constant(field), json: anyJsonText(document, schema) }),
    fc.record({ kind: fc.constant('set' as const), field: fc.constant(field), json: anyJsonText(document, schema) }),
  ])
  return own.length === 0 ? extra : fc.oneof({ weight: 5, arbitrary: fc.oneof(...own) }, { weight: 1, arbitrary: extra })
}

/** Some of the names, each with a value; often none. */
const someOf = <T>(values: Readonly<Record<string, Arbitrary<T>>>): Arbitrary<Record<string, T>> => {
  const some = fc.record(values, { requiredKeys: [] }) as Arbitrary<Record<string, T>>
  return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: some })
}

/** Of a parameter: beyond some 16 kB Node refuses the request line, and no dialect hears of it. */
const LONGEST = 1_000

const queryOf = (document: JsonObject, { parameters }: Operation): Arbitrary<Record<string, string | null>> => {
  const own = parameters.filter((parameter) => parameter.in === 'query')
  const asText = (json: string): string => {
    const value: unknown = JSON.parse(json)
    return (typeof value === 'string' ? value.toWellFormed() : json).slice(0, LONGEST)
  }
  return someOf(Object.fromEntries(own.map(({ name, schema }) => [name, fc.option(anyJsonText(document, schema).map(asText))])))
}

/** Everything that may be sent to an operation. */
export function planOf(document: JsonObject, operation: Operation): Arbitrary<Plan> {
  const schema = operation.body.get('application/json')
  const inPath = operation.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
  const takesForm = operation.body.has('application/x-www-form-urlencoded')
  return fc.record({
    bearer: bearers,
    start: fc.constantFrom('right', 'right', 'valid', 'empty'),
    valid: schema === undefined ? fc.constant('{}') : validText(document, schema),
    edits: fc.oneof(fc.constant([]), fc.array(editOf(document, operation), { maxLength: 3 })),
    params: someOf(Object.fromEntries(inPath.map((name) => [name, segments]))),
    query: queryOf(document, operation),
    moreQuery: queryText,
    written: fc.oneof(
      { weight: 10, arbitrary: fc.constant('json' as const) },
      { weight: takesForm ? 5 : 1, arbitrary: fc.constant('form' as const) },
      { weight: 2, arbitrary: raws.map((raw) => ({ raw })) },
    ),
    contentType: contentTypes,
    headers,
  })
}

/** What succeeds. */
export const well: Plan = {
  bearer: 'right',
  start: 'right',
  valid: '{}',
  edits: [],
  params: {},
  query: {},
  moreQuery: '',
  written: 'json',
  contentType: 'application/json',
  headers: {},
}

/**
 * What runs found, sent again in each. The documents demanded bodies that may be left out (found by the first plans themselves), and
 * did not know that a byte order mark is passed over, which JSON allows (seed -818474839, path 167; mended in what the fuzz expects).
 */
const found: Readonly<Record<string, readonly Plan[]>> = {
  'PUT /v1/profile': [{ ...well, written: { raw: '' } }],
  'POST /v1/security/twofactor-disable': [
    { ...well, written: { raw: '' } },
    { ...well, written: { raw: '\ufeff{}' } },
  ],
}

/** What every operation must have been asked, whatever the dice say. */
export function firstPlans(document: JsonObject, operation: Operation): Plan[] {
  const fields = Object.keys(fieldsOf(document, operation))
  const inQuery = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
  return [
    well,
    ...(found[operation.name] ?? []),
    ...(operation.body.has('application/x-www-form-urlencoded') ? [{ ...well, written: 'form' as const }] : []),
    { ...well, bearer: 'nobody' },
    { ...well, bearer: 'person' },
    { ...well, bearer: 'personal' },
    { ...well, written: TOO_LARGE },
    { ...well, moreQuery: 'a=1&a=2' },
    { ...well, params: { id: 'no-such-id' } },
    ...inQuery.flatMap((name) => [
      { ...well, query: { [name]: null } },
      { ...well, query: { [name]: 'no such value' } },
    ]),
    ...fields.flatMap((field): Plan[] => [
      { ...well, edits: [{ kind: 'drop', field }] },
      { ...well, edits: [{ kind: 'set', field, json: 'null' }] },
      { ...well, edits: [{ kind: 'set', field, json: '"no such value"' }] },
    ]),
    ...(fields.length === 0
      ? []
      : [
          { ...well, contentType: 'text/plain' },
          { ...well, written: { raw: '{' } },
          { ...well, written: { raw: '' } },
        ]),
  ]
}

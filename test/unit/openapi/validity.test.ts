/**
 * The generated documents are sound under any settings: by an independent validator, and by what it does not look at: references,
 * ids, path parameters, security schemes, tags, unused components, and every example against its own schema.
 */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { authentication } from '../../../src/rest/authentication/routes.ts'
import { idiot } from '../../../src/rest/idiot/routes.ts'
import { changed, type Name, names } from '../../openapi/committed.ts'
import { examplesOf } from '../../openapi/examples.ts'
import { generated } from '../../openapi/generated.ts'
import { problemsOf } from '../../openapi/problems.ts'
import { at, operationsOf } from '../../support/openApiDocument.ts'

const settings: readonly Readonly<Record<string, string>>[] = [
  {},
  { IDIOT_PREFIX: '/legacy', XIOT_PREFIX: '/legacy', WEKAN_PREFIX: '/boards/a', AUTHENTICATION_PREFIX: '/old' },
  { WEKAN_ERROR_STATUS: '200' },
  { WEKAN_QUERY_TOKEN: 'true' },
  { WEKAN_ERROR_STATUS: '200', WEKAN_QUERY_TOKEN: 'true', WEKAN_PREFIX: '/boards' },
]

it.each(settings.flatMap((one) => names.map((name) => [name, one] as const)))('%s is sound under %j', async (name, one) => {
  expect(await problemsOf(generated(name, one))).toEqual([])
})

it('looks at every operation and hundreds of examples', () => {
  const documents = names.map((name) => generated(name))
  const operations = documents.map((document) => operationsOf(document).length)
  const examples = documents.map((document) => examplesOf(document).length)
  const schemas = documents.map((document) => Object.keys(at(at(document, 'components'), 'schemas')).length)
  const reported = names.map(
    (name, index) => `${name} ${operations[index]} operations, ${schemas[index]} schemas, ${examples[index]} examples`,
  )
  process.stdout.write(`valid OpenAPI 3.1: ${reported.join('; ')}\n`)
  expect(operations).toEqual([6, 9, 11, 7])
  for (const count of examples) expect(count).toBeGreaterThan(50)
})

it.each(names)('the committed document of %s is the generated one', (name) => {
  const file = new URL(`../../../docs/openapi/${name}.json`, import.meta.url)
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(generated(name))
})

it('every row of idiot and of authentication is in the original, but for one', () => {
  const rowsOf = (dialect: typeof idiot) => dialect.mounts.flatMap(({ rows }) => rows)
  const ours = [...rowsOf(idiot), ...rowsOf(authentication)].filter(({ texts }) => texts.documented === false)
  expect(ours.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /auth/forgot-password'])
})

it('the document says where a prefix puts a dialect', () => {
  const pathsOf = (name: Name, prefix: Record<string, string>) => operationsOf(generated(name, prefix)).map(({ path }) => path)
  expect(pathsOf('idiot', { IDIOT_PREFIX: '/legacy' })).toEqual(pathsOf('idiot', {}).map((path) => `/legacy${path}`))
  expect(pathsOf('wekan', { WEKAN_PREFIX: '/boards' })).toEqual(pathsOf('wekan', {}).map((path) => `/boards${path}`))
})

it.each<[string, Parameters<typeof changed>[1], RegExp]>([
  ['without a version', (document) => Reflect.deleteProperty(document, 'openapi'), /^no valid OpenAPI/],
  ['without a title', ({ info }) => Reflect.deleteProperty(info ?? {}, 'title'), /^no valid OpenAPI/],
  [
    'with a response without a description',
    ({ paths }) => Reflect.deleteProperty(paths?.['/users']?.get?.responses?.['200'] ?? {}, 'description'),
    /^no valid OpenAPI/,
  ],
  [
    'with a parameter that stands nowhere',
    ({ paths }) => Object.assign(paths?.['/users']?.get?.parameters?.[0] ?? {}, { in: 'url' }),
    /^no valid OpenAPI/,
  ],
  [
    'with an unknown type',
    ({ components }) => Object.assign(components?.schemas?.User ?? {}, { type: 'text' }),
    /^\/components\/schemas\/User: .*type must be/,
  ],
  [
    'with a mistyped keyword',
    ({ components }) => Object.assign(components?.schemas?.User ?? {}, { maxLenght: 5 }),
    /^\/components\/schemas\/User: maxLenght is no keyword$/,
  ],
  ['without a schema that is used', ({ components }) => Reflect.deleteProperty(components?.schemas ?? {}, 'User'), /User/],
  [
    'with a reference to another file',
    ({ paths }) => Object.assign(paths?.['/users']?.get ?? {}, { parameters: [{ $ref: 'other.json#/limit' }] }),
    /other\.json/,
  ],
  [
    'with an operation id twice',
    ({ paths }) => Object.assign(paths?.['/users']?.get ?? {}, { operationId: 'createUser' }),
    /^operationId createUser is there twice$/,
  ],
  [
    'with a path parameter that is not declared',
    ({ paths }) => Reflect.deleteProperty(paths?.['/users/{id}']?.get ?? {}, 'parameters'),
    /^GET \/users\/\{id\}: path parameter id is not declared$/,
  ],
  [
    'with a path parameter that is not in the path',
    ({ paths }) => Object.assign(paths?.['/users/{id}']?.get?.parameters?.[0] ?? {}, { name: 'user' }),
    /^GET \/users\/\{id\}: path parameter user is not in the path$/,
  ],
  [
    'with a security scheme that is not declared',
    ({ paths }) => Object.assign(paths?.['/users']?.get ?? {}, { security: [{ Basic: [] }] }),
    /^security scheme Basic is not declared$/,
  ],
  ['with a tag that is not declared', (document) => Object.assign(document, { tags: [] }), /^tag user is not declared$/],
  [
    'with a component that nothing uses',
    ({ components }) => Object.assign(components?.schemas ?? {}, { Spare: { type: 'object' } }),
    /^#\/components\/schemas\/Spare is not used$/,
  ],
  [
    'with components that only use each other',
    ({ components }) =>
      Object.assign(components?.schemas ?? {}, {
        One: { properties: { other: { $ref: '#/components/schemas/Other' } } },
        Other: { properties: { one: { $ref: '#/components/schemas/One' } } },
      }),
    /^#\/components\/schemas\/Other is not used$/,
  ],
  [
    'with an example of a schema that breaks it',
    ({ components }) => Object.assign(components?.schemas?.UserCreate?.properties?.email ?? {}, { example: '' }),
    /^\/components\/schemas\/UserCreate\/properties\/email\/example: it must NOT have fewer/,
  ],
  [
    'with an example of an answer that breaks its schema',
    ({ paths }) => {
      const examples = paths?.['/users']?.get?.responses?.['401']?.content?.['application/json']?.examples ?? {}
      Object.assign(examples, { broken: { value: { statusCode: '401' } } })
    },
    /^\/paths\/~1users\/get\/responses\/401\/content\/application~1json\/examples\/broken: .*statusCode must be integer/,
  ],
])('a document %s is refused', async (_what, change, problem) => {
  const problems = await problemsOf(changed(generated('idiot'), change))
  expect(problems.some((one) => problem.test(one))).toBe(true)
})

/** The schema and its possible types, as files of the server, also where introspection is off. */
import { readFileSync } from 'node:fs'
import { InMemoryCache } from '@apollo/client'
import { buildSchema, isAbstractType } from 'graphql'
import { describe, expect, it } from 'vitest'
import { useWorld } from '../support/world.ts'

const committed = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8')

describe.each([
  ['in production', useWorld({ NODE_ENV: 'production' }, { overHttp: true })],
  ['with an allow-list', useWorld({ INTROSPECTION: 'false', CORS_ORIGINS: 'https://app.example.com' })],
] as const)('%s', (_where, world) => {
  it.each([
    ['schema.graphql', 'text/plain; charset=utf-8'],
    ['possible-types.json', 'application/json; charset=utf-8'],
  ])('%s is that of the release, to anybody, and may be cached', async (name, type) => {
    const { status, headers, text } = await world().get(`/graphql/${name}`)
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([200, type, 'public, max-age=300'])
    expect(headers.get('etag')).toMatch(/^"[\w-]{43}"$/)
    expect(text).toBe(committed(name))
  })

  it.each(['schema.graphql', 'possible-types.json'])('%s is not sent again to who has it', async (name) => {
    const path = `/graphql/${name}`
    const etag = (await world().get(path)).headers.get('etag') ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const { status, headers, text } = await world().request('GET', path, { headers: { 'if-none-match': known } })
      expect([status, headers.get('etag'), headers.get('cache-control'), text]).toEqual([304, etag, 'public, max-age=300', ''])
    }
    for (const other of ['"other"', etag.slice(1, -1), ''])
      expect((await world().request('GET', path, { headers: { 'if-none-match': other } })).status).toBe(200)
  })

  it.each(['schema.graphql', 'possible-types.json'])('%s is only read', async (name) => {
    const head = await world().request('HEAD', `/graphql/${name}`)
    expect([head.status, head.text]).toEqual([200, ''])
    const posted = await world().post(`/graphql/${name}`, {})
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })
})

describe('possible-types.json', () => {
  const possibleTypes: Record<string, string[]> = JSON.parse(committed('possible-types.json'))

  it('possible-types.json has every union and interface of schema.graphql with its types, in order', () => {
    const schema = buildSchema(committed('schema.graphql'))
    const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType)
    expect(Object.keys(possibleTypes)).toEqual(abstract.map(({ name }) => name).sort())
    for (const type of abstract)
      expect(possibleTypes[type.name]).toEqual(
        schema
          .getPossibleTypes(type)
          .map(({ name }) => name)
          .sort(),
      )
    expect(possibleTypes.SignInResult).toContain('SignInSuccess')
    expect(possibleTypes.Node).toContain('User')
  })

  it('possible-types.json is what the cache of Apollo Client takes', () => {
    expect(new InMemoryCache({ possibleTypes }).policies.fragmentMatches).toBeTypeOf('function')
  })
})

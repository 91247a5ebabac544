/** What a person reads after a start: where to begin, whatever is switched on, and never a secret. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { banner } from '../../src/server/banner.ts'
import { bannerFacts } from '../../src/server/bannerFacts.ts'

const dialects = [
  { name: 'idiot', mounts: ['/v1'] },
  { name: 'wekan', mounts: ['/users', '/api'] },
  { name: 'xiot', mounts: ['/v1'] },
  { name: 'authentication', mounts: ['/auth'] },
]
const bannerOf = (env: Record<string, string>): string =>
  banner(bannerFacts(readConfig(env), { dialects, hasAdmin: false, firstIsClaimed: false, hashedBy: '@node-rs/argon2' }))
const rowOf = (text: string, label: string): string | undefined => new RegExp(`^ {2}${label} +(.*)$`, 'm').exec(text)?.[1]

test('the README shows it as it is', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(`\`\`\`text\n${bannerOf({}).trim()}\n\`\`\``)
})

describe('where to begin', () => {
  test.each<[Record<string, string>, string]>([
    [{}, 'open http://localhost:4000 in a browser'],
    [{ NODE_ENV: 'production' }, 'open http://localhost:4000 in a browser'],
    [{ PAGES: 'sign-in' }, 'open http://localhost:4000/graphql in a browser, and run its tabs from left to right'],
    [{ PAGES: 'none', GRAPHIQL: 'false' }, 'open http://localhost:4000/docs in a browser'],
    [{ PAGES: 'none', NODE_ENV: 'production' }, 'POST http://localhost:4000/graphql (docs/graphql-clients.md)'],
  ])('%j', (env, beginning) => {
    expect(rowOf(bannerOf(env), 'begin here')).toBe(beginning)
  })
})

test('the pages that are on are named', () => {
  expect(rowOf(bannerOf({}), 'pages')).toBe('/, /sign-in, /account, /admin')
  expect(rowOf(bannerOf({ PAGES: 'account' }), 'pages')).toBe('/account')
  expect(rowOf(bannerOf({ PAGES: 'none' }), 'pages')).toBeUndefined()
})

test('the servers are named without users and passwords', () => {
  const text = bannerOf({ DATABASE_URL: 'postgresql://me:hunter2@db.example/v', SMTP_URL: 'smtps://me:hunter2@mail.example.com' })
  expect(rowOf(text, 'database')).toBe('PostgreSQL at db.example:5432/v')
  expect(rowOf(text, 'mail')).toBe('sent through mail.example.com')
  expect(text).not.toContain('hunter2')
})

/** Settings of poolers and replicas that do not fit are refused in one line. */
import { expect, it } from 'vitest'
import { readConfig } from '../../../src/config.ts'

const URL = 'postgresql://ada@db.example/base'

it.each<[string, Record<string, string>, RegExp]>([
  [
    'a replica of the embedded database',
    { DATABASE_READ_URL: URL },
    /^DATABASE_READ_URL: needs DATABASE_URL, because the embedded database has no replica$/,
  ],
  [
    'another kind of URL',
    { DATABASE_URL: URL, DATABASE_READ_URL: 'http://db.example' },
    /^DATABASE_READ_URL: must begin with postgresql:\/\/$/,
  ],
  ['a lag that no measurement is fine enough for', { DATABASE_READ_MAX_LAG: '500ms' }, /^DATABASE_READ_MAX_LAG: must be at least 1s$/],
  [
    'a mode of PgBouncer that is not supported',
    { DATABASE_POOLER_MODE: 'statement' },
    /^DATABASE_POOLER_MODE: "statement" is none of session, transaction/,
  ],
])('%s', (_, env, line) => {
  expect(() => readConfig(env)).toThrow(line)
})

/** What is allowed and seldom meant is reported once, at start, by the setting's name. */
import { describe, expect, test } from 'vitest'
import { readConfig } from '../../../src/config.ts'
import { doubtsOf } from '../../../src/server/doubts.ts'

const doubts = (env: Record<string, string>): string[] => doubtsOf(readConfig(env)).map(({ setting, message }) => `${setting} ${message}`)
const PRODUCTION = { NODE_ENV: 'production', PUBLIC_URL: 'https://id.example.com', SMTP_URL: 'smtp://mail.example.com' }

describe('nothing is doubtful', () => {
  test('nothing is doubtful about the defaults', () => expect(doubts({})).toEqual([]))
  test('nothing is doubtful about production as the README sets it', () =>
    expect(doubts({ ...PRODUCTION, HOST: '0.0.0.0', TRUSTED_PROXIES: '10.0.0.0/8' })).toEqual([]))
})

test.each<[Record<string, string>, string]>([
  [{ LIMIT_PASSWORD_FAILURES_HARD: '101' }, 'LIMIT_PASSWORD_FAILURES_HARD allows more than 100 wrong passwords in a row'],
  [{ LIMIT_ADDRESS_PER_MINUTE: '1000000' }, 'LIMIT_ADDRESS_PER_MINUTE lets one client address guess more than 10000 secrets a minute'],
  [{ LIMIT_CODE_FAILURES_HARD: '1001' }, 'LIMIT_CODE_FAILURES_HARD allows more than 1000 wrong codes in a row'],
  [{ LIMIT_RESET_MAILS: '101' }, 'LIMIT_RESET_MAILS lets strangers fill a mailbox'],
  [{ ACCESS_TOKEN_LIFE: '25h' }, 'ACCESS_TOKEN_LIFE is more than a day'],
  [{ LOGIN_CODE_LIFE: '61m' }, 'LOGIN_CODE_LIFE is more than an hour'],
  [{ RESET_TOKEN_LIFE: '2d' }, 'RESET_TOKEN_LIFE is more than a day: anybody who reads an old mail can take over the account'],
  [
    { TRUSTED_PROXIES: '128.0.0.0/1' },
    'TRUSTED_PROXIES trusts such a large network (128.0.0.0/1) that clients may choose their own address',
  ],
  [{ TRUSTED_PROXIES: '2000::/3' }, 'TRUSTED_PROXIES trusts such a large network (2000::/3) that clients may choose their own address'],
  [
    { HOST: '0.0.0.0' },
    'NODE_ENV is development, and other machines can reach 0.0.0.0: the first account becomes administrator, and API documents are public',
  ],
  [{ DIALECTS: 'idiot', XIOT_PREFIX: '/x' }, 'XIOT_PREFIX has no effect: DIALECTS does not include xiot'],
  [{ METRICS_TOKEN: 'sixteen characters' }, 'METRICS_TOKEN has no effect: METRICS_PORT is not set, so there are no metrics'],
  [{ MIGRATION_GUIDE: 'https://example.com/' }, 'MIGRATION_GUIDE has no effect: DEPRECATION and SUNSET are empty'],
  [
    { PWNED_PASSWORDS_URL: 'https://range.example/', COMMON_PASSWORDS_GRAPHQL: 'false' },
    'PWNED_PASSWORDS_URL has no effect: COMMON_PASSWORDS_GRAPHQL and COMMON_PASSWORDS_DIALECTS are false',
  ],
])('%j: %s', (env, doubt) => {
  expect(doubts(env)).toEqual([doubt])
})

test.each<[Record<string, string>, string]>([
  [{ SMTP_URL: '' }, 'SMTP_URL is not set: no mail is sent, each becomes a file in data/outbox'],
  [
    { SMTP_URL: '', DATA_DIR: '/var/lib/vestibule' },
    'SMTP_URL is not set: no mail is sent, each becomes a file in /var/lib/vestibule/outbox',
  ],
  [{ PUBLIC_URL: '' }, 'PUBLIC_URL is http://localhost:4000: links in mails do not work from other machines'],
  [{ PUBLIC_URL: 'http://id.example.com' }, 'PUBLIC_URL is http: passwords and tokens are sent unencrypted'],
  [
    { CORS_ORIGINS: 'https://a.example,http://b.example,http://localhost:3000' },
    'CORS_ORIGINS has http://b.example: anybody on the network path can act as the signed-in users',
  ],
])('in production, %j: %s', (env, doubt) => {
  expect(doubts({ ...PRODUCTION, ...env })).toEqual([doubt])
})

/**
 * Warnings about settings that are allowed but rarely intended: they disable a protection by a large value, or leave something where nobody
 * looks. One warning each at start; it names the setting, and its value only if that cannot be secret.
 */
import { isIP } from 'node:net'
import { join } from 'node:path'
import ms from 'ms'
import type { Config } from '../config.ts'

export interface Doubt {
  readonly setting: string
  readonly message: string
}

type Numeric = { [Name in keyof Config]: Config[Name] extends number ? Name : never }[keyof Config]

/** The most that still protects; NIST SP 800-63B-4, section 3.2.2: at most 100 wrong tries in a row. */
const MOST: readonly (readonly [Numeric, number, string])[] = [
  ['LIMIT_ADDRESS_PER_MINUTE', 10_000, 'lets one client address guess more than 10000 secrets a minute'],
  ['LIMIT_PASSWORD_FAILURES_HARD', 100, 'allows more than 100 wrong passwords in a row'],
  ['LIMIT_CODE_FAILURES', 100, 'allows more than 100 wrong codes without a delay'],
  ['LIMIT_CODE_FAILURES_HARD', 1_000, 'allows more than 1000 wrong codes in a row'],
  ['LIMIT_RESET_MAILS', 100, 'lets strangers fill a mailbox'],
  ['ACCESS_TOKEN_LIFE', ms('24h'), 'is more than a day'],
  ['LOGIN_CODE_LIFE', ms('1h'), 'is more than an hour'],
  ['RESET_TOKEN_LIFE', ms('24h'), 'is more than a day: anybody who reads an old mail can take over the account'],
  ['COOKIE_SESSION_LIFE', ms('24h'), 'is more than the 24 hours of NIST SP 800-63B-4 at AAL2'],
  ['STEP_UP_GRAPHQL', ms('24h'), 'is more than a day: a stolen session is enough to take over the account'],
]

const largeNumbers = (config: Config): Doubt[] =>
  MOST.flatMap(([setting, most, message]) => (config[setting] > most ? [{ setting, message }] : []))

/** A network too large to hold only one operator's proxies. */
const isVast = (network: string): boolean => {
  const [address = '', bits] = network.split('/')
  return bits !== undefined && Number(bits) < (isIP(address) === 4 ? 8 : 16)
}

const vastNetworks = ({ TRUSTED_PROXIES }: Config): Doubt[] =>
  TRUSTED_PROXIES.filter(isVast).map((network) => ({
    setting: 'TRUSTED_PROXIES',
    message: `trusts such a large network (${network}) that clients may choose their own address`,
  }))

const isLoopback = (hostname: string): boolean => /^(?:localhost|127\.[\d.]+|\[?::1\]?)$|\.localhost$/.test(hostname)
const isPlain = (url: string): boolean => url.startsWith('http:') && !isLoopback(new URL(url).hostname)

const ofProduction = (config: Config): Doubt[] => [
  ...(config.SMTP_URL === undefined
    ? [{ setting: 'SMTP_URL', message: `is not set: no mail is sent, each becomes a file in ${join(config.DATA_DIR, 'outbox')}` }]
    : []),
  ...(isLoopback(new URL(config.PUBLIC_URL).hostname)
    ? [{ setting: 'PUBLIC_URL', message: `is ${config.PUBLIC_URL}: links in mails do not work from other machines` }]
    : []),
  ...(isPlain(config.PUBLIC_URL) ? [{ setting: 'PUBLIC_URL', message: 'is http: passwords and tokens are sent unencrypted' }] : []),
  ...config.CORS_ORIGINS.filter(isPlain).map((origin) => ({
    setting: 'CORS_ORIGINS',
    message: `has ${origin}: anybody on the network path can act as the signed-in users`,
  })),
]

const ofDevelopment = ({ HOST, NODE_ENV }: Config): Doubt[] =>
  isLoopback(HOST)
    ? []
    : [
        {
          setting: 'NODE_ENV',
          message: `is ${NODE_ENV}, and other machines can reach ${HOST}: the first account becomes administrator, and API documents are public`,
        },
      ]

const PREFIXES = { IDIOT_PREFIX: 'idiot', WEKAN_PREFIX: 'wekan', XIOT_PREFIX: 'xiot', AUTHENTICATION_PREFIX: 'authentication' } as const

const withoutEffect = (config: Config): Doubt[] => {
  const idle: [string, boolean, string][] = [
    ...Object.entries(PREFIXES).map(([setting, dialect]): [string, boolean, string] => [
      setting,
      config[setting as keyof typeof PREFIXES] !== '' && !config.DIALECTS.includes(dialect),
      `has no effect: DIALECTS does not include ${dialect}`,
    ]),
    [
      'PWNED_PASSWORDS_URL',
      config.PWNED_PASSWORDS_URL !== undefined && !config.COMMON_PASSWORDS_GRAPHQL && !config.COMMON_PASSWORDS_DIALECTS,
      'has no effect: COMMON_PASSWORDS_GRAPHQL and COMMON_PASSWORDS_DIALECTS are false',
    ],
    [
      'METRICS_TOKEN',
      config.METRICS_TOKEN !== undefined && config.METRICS_PORT === undefined,
      'has no effect: METRICS_PORT is not set, so there are no metrics',
    ],
    [
      'MIGRATION_GUIDE',
      config.MIGRATION_GUIDE !== undefined && config.DEPRECATION.length + config.SUNSET.length === 0,
      'has no effect: DEPRECATION and SUNSET are empty',
    ],
  ]
  return idle.flatMap(([setting, isIdle, message]) => (isIdle ? [{ setting, message }] : []))
}

/** The settings to warn about. */
export const doubtsOf = (config: Config): readonly Doubt[] => [
  ...largeNumbers(config),
  ...vastNetworks(config),
  ...(config.production ? ofProduction(config) : ofDevelopment(config)),
  ...withoutEffect(config),
]

/**
 * better-auth's users: rows of the table `user`, as CSV or JSON, with the rows of `account`, `session` and `twoFactor` that belong to
 * each in columns of their own, as JSON (docs/moving/better-auth.md has the query). Columns may have their names in camel or snake case.
 * https://www.better-auth.com/docs/concepts/database
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { asOf, asOfIn, BANNED } from './bans.ts'
import { decrypted, signed } from './betterAuthSecrets.ts'
import { digitsOf } from './factors.ts'
import { base32Of, flag, rows, text, time } from './fields.ts'
import { importerOf, numberOf, type Translate } from './fromDocuments.ts'
import type { ImporterOption, ImporterOptions } from './importer.ts'
import { newestSessions, noteOfSessions } from './newestSessions.ts'
import { signsInBy } from './notes.ts'
import { surface, surfaceIn } from './sessionSurface.ts'
import { rowsOf } from './sources/rows.ts'

const options: readonly ImporterOption[] = [
  {
    name: 'secret',
    value: 'SECRET',
    description: 'the secret of better-auth, which second factors are encrypted with, and session tokens signed',
    env: 'BETTER_AUTH_SECRET',
  },
  { name: 'digits', value: 'NUMBER', description: 'digits of one-time passwords', choices: ['6', '8'], default: '6' },
  { name: 'period', value: 'SECONDS', description: 'how long a one-time password lasts', default: '30' },
  {
    name: 'tokens',
    value: 'FORM',
    description: 'which form of the session tokens clients have: with or without the signature; without --secret only `plain`',
    choices: ['signed', 'plain'],
  },
  surface,
  asOf,
]

/** Names without case and underscores are the same in all adapters. */
const loose = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (row) =>
      typeof row !== 'object' || row === null || Array.isArray(row)
        ? row
        : Object.fromEntries(Object.entries(row).map(([name, value]) => [name.replaceAll('_', '').toLowerCase(), value])),
    schema,
  )

const account = loose(z.object({ providerid: z.string(), password: text }))
const session = loose(
  z.object({
    token: z.string(),
    expiresat: time,
    createdat: time,
    updatedat: time,
    ipaddress: text,
    useragent: text,
    impersonatedby: text,
  }),
)
const factor = loose(z.object({ secret: text, backupcodes: text, verified: flag }))

const user = loose(
  z.object({
    id: text,
    name: text,
    email: text,
    emailverified: flag,
    username: text,
    displayusername: text,
    phonenumber: text,
    role: text,
    banned: flag,
    banexpires: time,
    twofactorenabled: flag,
    createdat: time,
    updatedat: time,
    accounts: rows(account),
    sessions: rows(session),
    twofactors: rows(factor),
  }),
)
type User = z.output<typeof user>

interface Settings {
  readonly secret: string | undefined
  readonly hasSignature: boolean
  readonly digits: 6 | 8
  readonly period: number
  readonly surface: ReturnType<typeof surfaceIn>
  readonly asOf: number
}

const ENCRYPTED = 'an authenticator app with its backup codes, which are encrypted: give --secret'

type Factor = Pick<GivenAccount, 'totp' | 'recoveryCodes'>

/** Imported secrets are base32 with this before them; others are texts, whose bytes are the key. */
const BASE32 = 'base32:'

const factorOf = ({ twofactorenabled, twofactors }: User, { secret, digits, period }: Settings): Factor => {
  const found = twofactors.find(({ verified }) => verified !== false)
  if (twofactorenabled !== true || found?.secret === undefined || secret === undefined) return {}
  const key = decrypted(found.secret, secret)
  const codes = found.backupcodes?.startsWith('[') === false ? decrypted(found.backupcodes, secret) : (found.backupcodes ?? '[]')
  return {
    totp: { secret: key.startsWith(BASE32) ? key.slice(BASE32.length) : base32Of(Buffer.from(key)), digits, period },
    recoveryCodes: z.array(z.string()).parse(JSON.parse(codes)),
  }
}

/** An administrator's session as somebody else is left out. */
const sessionsOf = ({ sessions }: User, { secret, hasSignature, surface, asOf }: Settings): NonNullable<GivenAccount['sessions']> =>
  newestSessions(
    sessions.flatMap(({ token, expiresat = 0, createdat = asOf, updatedat, ipaddress, useragent, impersonatedby }) =>
      impersonatedby !== undefined
        ? []
        : [
            {
              token: hasSignature && secret !== undefined ? signed(token, secret) : token,
              surface,
              createdAt: createdat,
              expiresAt: expiresat,
              lastSeenAt: updatedat,
              clientAddress: ipaddress,
              userAgent: useragent,
            },
          ],
    ),
  )

const notesOf = (read: User, { secret }: Settings, isBanned: boolean): string[] => [
  ...read.accounts.flatMap(({ providerid }) => (providerid === 'credential' ? [] : [signsInBy(providerid)])),
  ...(read.twofactorenabled === true && secret === undefined ? [ENCRYPTED] : []),
  ...noteOfSessions(read.sessions.length),
  ...(isBanned && read.banexpires !== undefined ? [BANNED] : []),
]

const translator =
  (settings: Settings): Translate =>
  (document) => {
    const read = user.parse(document)
    const isBanned = read.banned === true && (read.banexpires === undefined || read.banexpires > settings.asOf)
    const account: GivenAccount = {
      id: read.id,
      username: read.displayusername?.toLowerCase() === read.username ? read.displayusername : read.username,
      email: read.email,
      emailVerified: read.emailverified === true,
      name: read.name,
      phone: read.phonenumber,
      // The plug-in `admin` has several roles with commas between them.
      isAdmin: read.role?.split(',').some((role) => role.trim() === 'admin') === true,
      disabled: isBanned,
      passwordHash: read.accounts.find(({ providerid }) => providerid === 'credential')?.password,
      ...factorOf(read, settings),
      sessions: sessionsOf(read, settings),
      createdAt: read.createdat,
      updatedAt: read.updatedat,
    }
    return { account, notes: notesOf(read, settings, isBanned) }
  }

const settingsIn = (options: ImporterOptions): Settings => ({
  secret: options.secret,
  hasSignature: options.tokens !== 'plain',
  digits: digitsOf(options.digits),
  period: numberOf(options, 'period', 10, 120),
  surface: surfaceIn(options),
  asOf: asOfIn(options),
})

export const betterAuth = importerOf({
  name: 'better-auth',
  summary: 'the tables of better-auth, as CSV or JSON',
  options,
  documents: rowsOf,
  translator: (options) => translator(settingsIn(options)),
})

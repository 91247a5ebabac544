/**
 * Parse Server's users: documents of the class `_User` with those of `_Session` that belong to each, as `mongoexport` writes them, or
 * rows of these tables of PostgreSQL as JSON or CSV (docs/moving/parse.md has both queries).
 * https://github.com/parse-community/parse-server (src/Controllers/SchemaController.js, src/Adapters/Auth/mfa.js)
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { algorithmOf, digitsOf } from './factors.ts'
import { flag, json, object, rows, text, time } from './fields.ts'
import { importerOf, numberOf, type Translate } from './fromDocuments.ts'
import type { ImporterOption, ImporterOptions } from './importer.ts'
import { date } from './mongo.ts'
import { newestSessions, noteOfSessions } from './newestSessions.ts'
import { SMS, signsInBy } from './notes.ts'
import { surface, surfaceIn } from './sessionSurface.ts'
import { rowsOf } from './sources/rows.ts'

const options: readonly ImporterOption[] = [
  { name: 'digits', value: 'NUMBER', description: 'digits of one-time passwords (mfa.digits)', choices: ['6', '8'], default: '6' },
  { name: 'period', value: 'SECONDS', description: 'how long a one-time password lasts (mfa.period)', default: '30' },
  {
    name: 'algorithm',
    value: 'NAME',
    description: 'mfa.algorithm',
    choices: ['SHA1', 'SHA256', 'SHA512'],
    default: 'SHA1',
  },
  surface,
]

/** As MongoDB has them, or PostgreSQL, or Parse's own JSON. */
const moment = z.union([date, z.looseObject({ __type: z.literal('Date'), iso: time }).transform(({ iso }) => iso), time])

const session = z.object({
  _session_token: text,
  sessionToken: text,
  _created_at: moment.optional(),
  createdAt: moment.optional(),
  expiresAt: moment.optional(),
})

const mfa = z.object({ secret: text, recovery: z.array(z.string()).nullish(), mobile: text })

const user = z.looseObject({
  _id: text,
  objectId: text,
  username: text,
  email: text,
  emailVerified: flag,
  name: text,
  phone: text,
  _hashed_password: text,
  _created_at: moment.optional(),
  createdAt: moment.optional(),
  _updated_at: moment.optional(),
  updatedAt: moment.optional(),
  authData: object,
  /** MongoDB has a field for each service, PostgreSQL one for all. */
  _auth_data_mfa: json(mfa.nullish()).optional(),
  sessions: rows(session),
})
type User = z.output<typeof user>

interface Settings {
  readonly digits: 6 | 8
  readonly period: number
  readonly algorithm: ReturnType<typeof algorithmOf>
  readonly surface: ReturnType<typeof surfaceIn>
}

const YEAR = 31_536_000_000

/** Sessions end a year after they began, where the server says nothing else. */
const sessionsOf = ({ sessions }: User, surface: Settings['surface']): NonNullable<GivenAccount['sessions']> =>
  newestSessions(
    sessions.flatMap(({ _session_token, sessionToken, _created_at, createdAt, expiresAt }) => {
      const token = _session_token ?? sessionToken
      const began = _created_at ?? createdAt ?? 0
      return token === undefined ? [] : [{ token, surface, createdAt: began, expiresAt: expiresAt ?? began + YEAR }]
    }),
  )

const SERVICE = /^_auth_data_(?<name>.+)$/

const servicesOf = (read: User): string[] => {
  const fields = Object.entries(read).flatMap(([field, value]) => (value == null ? [] : (SERVICE.exec(field)?.groups?.name ?? [])))
  return [...fields, ...Object.keys(read.authData)].filter((name) => name !== 'mfa')
}

const mfaOf = ({ _auth_data_mfa, authData }: User) => _auth_data_mfa ?? mfa.nullish().parse(authData.mfa) ?? undefined

const translator =
  ({ digits, period, algorithm, surface }: Settings): Translate =>
  (document) => {
    const read = user.parse(document)
    const factor = mfaOf(read)
    const services = servicesOf(read)
    // An account that signs in by a service has a random text for its username.
    const isNamed = read._hashed_password !== undefined || services.length === 0
    const account: GivenAccount = {
      id: read._id ?? read.objectId,
      username: isNamed || read.email === undefined ? read.username : undefined,
      email: read.email,
      emailVerified: read.emailVerified === true,
      name: read.name,
      phone: read.phone,
      passwordHash: read._hashed_password,
      totp: factor?.secret === undefined ? undefined : { secret: factor.secret, digits, period, algorithm },
      recoveryCodes: factor?.secret === undefined ? [] : (factor.recovery ?? []),
      sessions: sessionsOf(read, surface),
      createdAt: read._created_at ?? read.createdAt,
      updatedAt: read._updated_at ?? read.updatedAt,
    }
    const notes = [...services.map(signsInBy), ...(factor?.mobile === undefined ? [] : [SMS]), ...noteOfSessions(read.sessions.length)]
    return { account, notes }
  }

const settingsIn = (options: ImporterOptions): Settings => ({
  digits: digitsOf(options.digits),
  period: numberOf(options, 'period', 10, 120),
  algorithm: algorithmOf(options.algorithm),
  surface: surfaceIn(options),
})

export const parse = importerOf({
  name: 'parse',
  summary: 'the classes `_User` and `_Session` of Parse Server, from MongoDB or PostgreSQL',
  options,
  documents: rowsOf,
  translator: (options) => translator(settingsIn(options)),
})

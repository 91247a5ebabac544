/**
 * Users of a pool of Amazon Cognito: CSV with the header of the pool (`get-csv-header`), or the JSON of `list-users`. Cognito gives no
 * hashes of passwords: everybody chooses a new one, by the mail of "forgot password".
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html,
 * https://docs.aws.amazon.com/cli/latest/reference/cognito-idp/list-users.html
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, text, time } from './fields.ts'
import { importerOf, type Translated } from './fromDocuments.ts'
import { NO_PASSWORD_HASH, signsInBy } from './notes.ts'
import { csvOf } from './sources/csv.ts'
import { jsonArrayOf } from './sources/jsonArray.ts'
import { peek } from './sources/peek.ts'

const row = z.object({
  'cognito:username': text,
  sub: text,
  name: text,
  given_name: text,
  family_name: text,
  preferred_username: text,
  email: text,
  email_verified: flag,
  phone_number: text,
  'cognito:mfa_enabled': flag,
  updated_at: time,
  /** Of `list-users` alone. */
  enabled: flag,
  status: text,
  created: time,
})

const listed = z.object({
  Username: z.string(),
  Attributes: z.array(z.object({ Name: z.string(), Value: z.string() })).nullish(),
  UserCreateDate: z.union([z.string(), z.number()]).nullish(),
  UserLastModifiedDate: z.union([z.string(), z.number()]).nullish(),
  Enabled: z.boolean().nullish(),
  UserStatus: z.string().nullish(),
})

/** A user of `list-users` as a row. */
const flat = (document: unknown): unknown => {
  if (typeof document !== 'object' || document === null || !('Username' in document)) return document
  const { Username, Attributes, UserCreateDate, UserLastModifiedDate, Enabled, UserStatus } = listed.parse(document)
  return {
    ...Object.fromEntries((Attributes ?? []).map(({ Name, Value }) => [Name, Value])),
    'cognito:username': Username,
    created: UserCreateDate,
    updated_at: UserLastModifiedDate,
    enabled: Enabled,
    status: UserStatus,
  }
}

const MFA = 'a second factor, whose secret Cognito does not give'
/** The username of a person who signs in by another service. */
const EXTERNAL = /^(?<provider>[A-Za-z]+)_.+$/

const translate = (document: unknown): Translated => {
  const read = row.parse(flat(document))
  const username = read['cognito:username']
  const isExternal = read.status === 'EXTERNAL_PROVIDER'
  // A pool whose people sign in with their address gives them random usernames, which are the id.
  const isRandom = username === read.sub || (read.email !== undefined && /^[0-9a-f]{8}-[0-9a-f-]{27}$/.test(username ?? ''))
  const account: GivenAccount = {
    id: read.sub ?? username,
    username: read.preferred_username ?? (isRandom || isExternal ? undefined : username),
    email: read.email,
    emailVerified: read.email_verified === true,
    name: read.name,
    firstName: read.given_name,
    lastName: read.family_name,
    phone: read.phone_number,
    disabled: read.enabled === false,
    createdAt: read.created,
    updatedAt: read.updated_at,
  }
  const provider = EXTERNAL.exec(username ?? '')?.groups?.provider ?? 'another service'
  return {
    account,
    notes: [isExternal ? signsInBy(provider) : NO_PASSWORD_HASH, ...(read['cognito:mfa_enabled'] === true ? [MFA] : [])],
  }
}

const OPEN_OBJECT = 0x7b

export const cognito = importerOf({
  name: 'cognito',
  summary: 'the users of a pool of Amazon Cognito, as CSV or the JSON of `list-users` (without passwords)',
  async *documents(source) {
    const { first, whole } = await peek(source)
    yield* first === OPEN_OBJECT ? jsonArrayOf(whole, 'Users') : csvOf(whole)
  },
  translator: () => translate,
})

/**
 * Ory Kratos' identities: as `kratos list identities` or the admin API writes them, with the configuration of their credentials, which
 * only a query of the database gives (docs/moving/kratos.md has it).
 * https://www.ory.sh/docs/kratos/reference/api, https://www.ory.sh/docs/kratos/manage-identities/import-user-accounts-identities
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { totpOfUrl } from './factors.ts'
import { json, object, text, textIn, time } from './fields.ts'
import { importerOf, type Translated } from './fromDocuments.ts'
import { NO_PASSWORD_HASH, signsInBy, WEBAUTHN } from './notes.ts'
import { jsonOf } from './sources/rows.ts'

const address = z.object({ value: z.string(), verified: z.boolean().nullish(), verified_at: time, via: z.string().nullish() })
const config = z.object({
  hashed_password: text,
  totp_url: text,
  recovery_codes: z.array(z.object({ code: z.string(), used_at: time })).nullish(),
  providers: z.array(z.looseObject({ provider: z.string() })).nullish(),
})
const credential = z.object({ identifiers: z.array(z.string()).nullish(), config: json(config.nullish()) })

const identity = z.object({
  id: z.string(),
  state: z.string().nullish(),
  traits: object,
  verifiable_addresses: json(z.array(address).nullish()),
  credentials: json(z.record(z.string(), credential).nullish()),
  created_at: time,
  updated_at: time,
})
type Identity = z.output<typeof identity>

/** Kratos' names of crypt(3)'s forms. */
const CRYPT: Readonly<Record<string, string>> = { 'md5-crypt': '1', 'sha256-crypt': '5', 'sha512-crypt': '6' }

const hashOf = (hash: string | undefined): string | undefined =>
  hash?.replace(/^\$(md5-crypt|sha256-crypt|sha512-crypt)\$/, (_whole, name: string) => `$${CRYPT[name]}$`)

const namesOf = ({ traits }: Identity): Pick<GivenAccount, 'name' | 'firstName' | 'lastName'> => {
  const { name } = traits
  const parts = typeof name === 'object' && name !== null ? { ...traits, ...name } : traits
  return {
    name: textIn(traits, 'name', 'full_name'),
    firstName: textIn(parts, 'first', 'first_name', 'firstName', 'given_name'),
    lastName: textIn(parts, 'last', 'last_name', 'lastName', 'family_name'),
  }
}

/** The trait, or what the person signs in with, or what can be verified. */
const emailOf = ({ traits, verifiable_addresses, credentials }: Identity): string | undefined =>
  textIn(traits, 'email') ??
  credentials?.password?.identifiers?.find((identifier) => identifier.includes('@')) ??
  verifiable_addresses?.find(({ via }) => via === 'email')?.value

const verifiedOf = ({ verifiable_addresses }: Identity, email: string | undefined): boolean | number => {
  const found = verifiable_addresses?.find(({ value }) => value.toLowerCase() === email?.toLowerCase())
  return found?.verified === true ? (found.verified_at ?? true) : false
}

const NOTES: ReadonlyMap<string, string> = new Map([
  ['webauthn', WEBAUTHN],
  ['passkey', WEBAUTHN],
  ['code', signsInBy('a code by e-mail or SMS')],
  ['saml', signsInBy('SAML')],
])

const notesOf = ({ credentials }: Identity): string[] => {
  const password = credentials?.password
  return [
    ...Object.keys(credentials ?? {}).flatMap((type) => NOTES.get(type) ?? []),
    ...(credentials?.oidc?.config?.providers ?? []).map(({ provider }) => signsInBy(provider)),
    ...(password !== undefined && password.config?.hashed_password === undefined ? [NO_PASSWORD_HASH] : []),
  ]
}

const translate = (document: unknown): Translated => {
  const read = identity.parse(document)
  const { credentials, traits } = read
  const email = emailOf(read)
  const url = credentials?.totp?.config?.totp_url
  const account: GivenAccount = {
    id: read.id,
    username: textIn(traits, 'username', 'preferred_username') ?? credentials?.password?.identifiers?.find((each) => !each.includes('@')),
    email,
    emailVerified: verifiedOf(read, email),
    ...namesOf(read),
    phone: textIn(traits, 'phone', 'phone_number'),
    disabled: read.state === 'inactive',
    passwordHash: hashOf(credentials?.password?.config?.hashed_password),
    totp: url === undefined ? undefined : totpOfUrl(url),
    recoveryCodes: (credentials?.lookup_secret?.config?.recovery_codes ?? []).flatMap(({ code, used_at }) =>
      used_at === undefined ? [code] : [],
    ),
    createdAt: read.created_at,
    updatedAt: read.updated_at,
  }
  return { account, notes: notesOf(read) }
}

export const kratos = importerOf({
  name: 'kratos',
  summary: 'the identities of Ory Kratos, as JSON',
  documents: jsonOf,
  translator: () => translate,
})

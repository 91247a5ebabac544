/**
 * Keycloak's users, from a realm export (`kc.sh export`): an object with the array `users`, or an array of such realms, of the
 * generations since 4.
 * https://www.keycloak.org/server/importExport
 */
import * as z from 'zod'
import { locales } from '../domain/base/locales.ts'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, text, time } from './fields.ts'
import { importerOf, type Translate, Untranslatable } from './fromDocuments.ts'
import type { ImporterOption } from './importer.ts'
import { credential, hashOf, isTotp, notesOf, totpOf } from './keycloakCredentials.ts'
import { signsInBy } from './notes.ts'
import { jsonArrayOf } from './sources/jsonArray.ts'

const options: readonly ImporterOption[] = [
  { name: 'admin-role', value: 'ROLE', description: 'the realm role whose holders become administrators; without it, nobody does' },
]

const user = z.object({
  id: text,
  username: text,
  email: text,
  emailVerified: flag,
  firstName: text,
  lastName: text,
  enabled: flag,
  createdTimestamp: time,
  credentials: z.array(credential).nullish(),
  requiredActions: z.array(z.string()).nullish(),
  realmRoles: z.array(z.string()).nullish(),
  attributes: z.record(z.string(), z.union([z.array(z.string()), z.string()])).nullish(),
  federationLink: text,
  federatedIdentities: z.array(z.object({ identityProvider: z.string() })).nullish(),
  serviceAccountClientId: text,
})
type User = z.output<typeof user>

const attributeOf = ({ attributes }: User, name: string): string | undefined => {
  const value = attributes?.[name]
  return typeof value === 'string' ? value : value?.[0]
}

const accountNotesOf = ({ federationLink, federatedIdentities, requiredActions }: User): string[] => [
  ...(federationLink === undefined ? [] : [signsInBy('user federation (LDAP, Kerberos)')]),
  ...(federatedIdentities ?? []).map(({ identityProvider }) => signsInBy(identityProvider)),
  ...(requiredActions?.includes('CONFIGURE_TOTP') === true ? ['the duty to set up a second factor'] : []),
]

const translator =
  (adminRole: string | undefined): Translate =>
  (document) => {
    const read = user.parse(document)
    if (read.serviceAccountClientId !== undefined) throw new Untranslatable('is the service account of a client, and not a person')
    const credentials = read.credentials ?? []
    const password = credentials.find(({ type }) => type === 'password')
    const otp = credentials.find(isTotp)
    const language = attributeOf(read, 'locale')?.split(/[-_]/)[0]
    const account: GivenAccount = {
      id: read.id,
      username: read.username,
      email: read.email,
      emailVerified: read.emailVerified === true,
      firstName: read.firstName,
      lastName: read.lastName,
      phone: attributeOf(read, 'phoneNumber'),
      locale: locales.find((locale) => locale === language),
      isAdmin: adminRole !== undefined && read.realmRoles?.includes(adminRole) === true,
      disabled: read.enabled === false,
      passwordHash: password === undefined ? undefined : hashOf(password),
      mustChangePassword: read.requiredActions?.includes('UPDATE_PASSWORD') === true,
      totp: otp === undefined ? undefined : totpOf(otp),
      createdAt: read.createdTimestamp,
    }
    return { account, notes: [...accountNotesOf(read), ...notesOf(credentials)] }
  }

export const keycloak = importerOf({
  name: 'keycloak',
  summary: 'the users of a Keycloak realm, by `kc.sh export`',
  options,
  documents: (source) => jsonArrayOf(source, 'users'),
  translator: (options) => translator(options['admin-role']),
})

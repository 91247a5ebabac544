/**
 * Firebase's users, from `firebase auth:export FILE --format=json`: an object with the array `users`. The parameters of the hashes are those
 * of the project (Firebase console, Authentication, Users, "Password hash parameters").
 * https://firebase.google.com/docs/cli/auth, https://firebase.google.com/docs/reference/admin/node/firebase-admin.auth.userimportrecord
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { flag, object, text, time } from './fields.ts'
import { importerOf, numberOf, type Translate, Untranslatable } from './fromDocuments.ts'
import type { ImporterOption, ImporterOptions } from './importer.ts'
import { ANONYMOUS, SMS, signsInBy } from './notes.ts'
import { jsonArrayOf } from './sources/jsonArray.ts'

const options: readonly ImporterOption[] = [
  {
    name: 'signer-key',
    value: 'BASE64',
    description: 'the signer key of the project (base64_signer_key)',
    env: 'FIREBASE_SIGNER_KEY',
  },
  { name: 'salt-separator', value: 'BASE64', description: 'base64_salt_separator', default: 'Bw==' },
  { name: 'rounds', value: 'NUMBER', description: 'rounds', default: '8' },
  { name: 'mem-cost', value: 'NUMBER', description: 'mem_cost', default: '14' },
  { name: 'admin-claim', value: 'CLAIM', description: 'the custom claim whose value is true for administrators' },
]

const user = z.object({
  localId: z.string(),
  email: text,
  emailVerified: flag,
  passwordHash: text,
  salt: text,
  displayName: text,
  phoneNumber: text,
  disabled: flag,
  /** Milliseconds since 1970, as text. */
  createdAt: time,
  /** JSON as text. */
  customAttributes: object,
  providerUserInfo: z.array(z.object({ providerId: z.string() })).nullish(),
  mfaInfo: z.array(z.looseObject({ totpInfo: z.unknown().optional() })).nullish(),
})
type User = z.output<typeof user>

/** Exports have base64 for URLs. */
const standard = (base64: string): string => base64.replaceAll('-', '+').replaceAll('_', '/')

interface Parameters {
  readonly signerKey: string | undefined
  readonly saltSeparator: string
  readonly rounds: number
  /** The logarithm of scrypt's N. */
  readonly memCost: number
}

const hashOf = ({ passwordHash, salt = '' }: User, { signerKey, saltSeparator, rounds, memCost }: Parameters): string | undefined => {
  if (passwordHash === undefined) return undefined
  if (signerKey === undefined) throw new Untranslatable('has a password: give --signer-key, and the other parameters of the hashes')
  return `$firescrypt$ln=${memCost},r=${rounds},p=1$${standard(salt)}$${standard(passwordHash)}$${standard(saltSeparator)}$${standard(signerKey)}`
}

const TOTP = 'an authenticator app, whose secret Firebase does not give'

const notesOf = ({ email, phoneNumber, providerUserInfo, mfaInfo }: User): string[] => {
  const providers = (providerUserInfo ?? []).map(({ providerId }) => providerId).filter((provider) => provider !== 'password')
  const isAnonymous = email === undefined && phoneNumber === undefined && providers.length === 0
  const factors = (mfaInfo ?? []).map(({ totpInfo }) => (totpInfo === undefined ? SMS : TOTP))
  return [...providers.map(signsInBy), ...factors, ...(isAnonymous ? [ANONYMOUS] : [])]
}

const translator =
  (parameters: Parameters, adminClaim: string | undefined): Translate =>
  (document) => {
    const read = user.parse(document)
    const account: GivenAccount = {
      id: read.localId,
      email: read.email,
      emailVerified: read.emailVerified === true,
      name: read.displayName,
      phone: read.phoneNumber,
      isAdmin: adminClaim !== undefined && read.customAttributes[adminClaim] === true,
      disabled: read.disabled === true,
      passwordHash: hashOf(read, parameters),
      createdAt: read.createdAt,
    }
    return { account, notes: notesOf(read) }
  }

const parametersOf = (options: ImporterOptions): Parameters => ({
  signerKey: options['signer-key'],
  saltSeparator: options['salt-separator'] ?? '',
  rounds: numberOf(options, 'rounds', 1, 64),
  memCost: numberOf(options, 'mem-cost', 1, 20),
})

export const firebase = importerOf({
  name: 'firebase',
  summary: 'the users of a Firebase project, by `firebase auth:export`',
  options,
  documents: (source) => jsonArrayOf(source, 'users'),
  translator: (options) => translator(parametersOf(options), options['admin-claim']),
})

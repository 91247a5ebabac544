/**
 * Firebase's users, from `firebase auth:export FILE --format=json`: an object with the array `users`. The parameters of the hashes are those
 * of the project (Firebase console, Authentication, Users, "Password hash parameters").
 * https://firebase.google.com/docs/cli/auth
 */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { given } from './given.ts'

/** The project's password hash parameters. */
export interface FirebaseParameters {
  /** In base64. */
  readonly signerKey: string
  readonly saltSeparator: string
  readonly rounds: number
  /** The logarithm of scrypt's N. */
  readonly memCost: number
}

const user = z.object({
  localId: z.string(),
  email: z.string().nullish(),
  emailVerified: z.boolean().nullish(),
  passwordHash: z.string().nullish(),
  salt: z.string().nullish(),
  displayName: z.string().nullish(),
  phoneNumber: z.string().nullish(),
  disabled: z.boolean().nullish(),
  /** Milliseconds since 1970, as text. */
  createdAt: z.union([z.string(), z.number()]).nullish(),
})

/** Exports have base64 for URLs. */
const standard = (base64: string): string => base64.replaceAll('-', '+').replaceAll('_', '/')

const hashOf = (hash: string | undefined, salt: string | undefined, { signerKey, saltSeparator, rounds, memCost }: FirebaseParameters) =>
  hash === undefined
    ? undefined
    : `$firescrypt$ln=${memCost},r=${rounds},p=1$${standard(salt ?? '')}$${standard(hash)}$${standard(saltSeparator)}$${standard(signerKey)}`

/** @throws {z.ZodError} for a document that is no user of Firebase */
export const fromFirebase =
  (parameters: FirebaseParameters) =>
  (document: unknown): GivenAccount => {
    const { localId, email, emailVerified, passwordHash, salt, displayName, phoneNumber, disabled, createdAt } = user.parse(document)
    return {
      id: localId,
      email: given(email),
      emailVerified: emailVerified === true,
      name: given(displayName),
      phone: given(phoneNumber),
      disabled: disabled === true,
      passwordHash: hashOf(given(passwordHash), given(salt), parameters),
      createdAt: createdAt == null ? undefined : Number(createdAt),
    }
  }

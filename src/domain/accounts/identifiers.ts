/**
 * Usernames and e-mail addresses share one namespace, in which the database lets each value stand once: a username equal
 * to somebody else's address would catch that person's sign-in. Compared lower-cased; shown as typed.
 */
import type { Domain, Tx } from '../domain.ts'
import { type Failure, fieldFailure } from '../errors.ts'
import type { Account } from '../sessions/authenticate.ts'

export const identifierKey = (value: string): string => value.trim().normalize('NFC').toLowerCase()

/** The account that signs in with this username or e-mail address, or null. */
export const findByIdentifier = async (domain: Domain, identifier: string): Promise<Account | null> => {
  const found = await domain.db.identifier.findUnique({
    where: { value: identifierKey(identifier) },
    include: { user: true },
    relationLoadStrategy: 'join',
  })
  return found?.user ?? null
}

/** The account whose e-mail address this is, or null: a username that looks like one is none. */
export const findByEmail = async (domain: Domain, email: string): Promise<(Account & { readonly email: string }) | null> => {
  const account = await findByIdentifier(domain, email)
  if (account === null || account.email === null || identifierKey(account.email) !== identifierKey(email)) return null
  return { ...account, email: account.email }
}

/** Takes a value for an account; false if another account has it. The account's row must be there. */
export const take = async (tx: Tx, value: string, userId: string): Promise<boolean> => {
  const key = identifierKey(value)
  const { count } = await tx.identifier.createMany({ data: [{ value: key, userId }], skipDuplicates: true })
  if (count === 1) return true
  return (await tx.identifier.findUnique({ where: { value: key } }))?.userId === userId
}

/** Gives up values that the account no longer goes by. */
export const release = async (tx: Tx, userId: string, kept: readonly (string | null)[]): Promise<void> => {
  const keep = kept.filter((value) => value !== null).map(identifierKey)
  await tx.identifier.deleteMany({ where: { userId, value: { notIn: keep } } })
}

export const emailTaken = (): Failure => fieldFailure('EMAIL_TAKEN', 'email', 'E-mail already in use')
export const usernameTaken = (): Failure => fieldFailure('USERNAME_TAKEN', 'username', 'Username already in use')

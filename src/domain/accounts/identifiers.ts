/**
 * Usernames and e-mail addresses share one namespace, in which the database lets each value stand once: a username equal
 * to somebody else's address would catch that person's sign-in. Compared in one form for all spellings; shown as typed.
 */
import type { Domain, Tx } from '../domain.ts'
import { type Failure, fieldFailure } from '../errors.ts'
import type { Account } from '../sessions/authenticate.ts'
import { caseFolded, prepared, spaceFolded } from '../spelling.ts'

/** The form that an identifier is compared in: without width, in NFC, without case, with single spaces inside and none around. */
export const identifierKey = (value: string): string => spaceFolded(caseFolded(prepared(value))).normalize('NFC')

/** The form of an older rule, without the width and the variants of letters; some values are kept in it (see `migrations`). */
const olderKey = (value: string): string => value.trim().normalize('NFC').toLowerCase()

const keysOf = (value: string): string[] => [...new Set([olderKey(value), identifierKey(value)])]

/** The account that signs in with this username or e-mail address, or null; the nearer spelling wins. One statement, whoever has it. */
export const findByIdentifier = async (domain: Domain, identifier: string): Promise<Account | null> => {
  const keys = keysOf(identifier)
  const found = await domain.db.identifier.findMany({
    where: { value: { in: keys } },
    include: { user: true },
    relationLoadStrategy: 'join',
  })
  return (found.find(({ value }) => value === keys[0]) ?? found[0])?.user ?? null
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
  const keep = kept.filter((value) => value !== null).flatMap(keysOf)
  await tx.identifier.deleteMany({ where: { userId, value: { notIn: keep } } })
}

export const emailTaken = (): Failure => fieldFailure('EMAIL_TAKEN', 'email', 'E-mail already in use')
export const usernameTaken = (): Failure => fieldFailure('USERNAME_TAKEN', 'username', 'Username already in use')

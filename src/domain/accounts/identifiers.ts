/**
 * Usernames and e-mail addresses share one namespace, in which the database lets each value stand once: a username equal
 * to somebody else's address would catch that person's sign-in. Compared in one form for all spellings; shown as typed.
 *
 * A verified address that an account has moved away from may stay reserved for it for a while: nobody signs in with it, nobody
 * else takes it, and the account may take it back.
 */

import { type Failure, fieldFailure } from '../base/errors.ts'
import { caseFolded, prepared, spaceFolded } from '../base/spelling.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import type { Account } from './account.ts'
import { heldEmailOf } from './hold.ts'

/** Nobody's identifier is longer, in UTF-16 code units; what is, is compared as it is, so that a long one costs nothing. */
const LONGEST = 2_048

/** The form that an identifier is compared in: without width, in NFC, without case, with single spaces inside and none around. */
export const identifierKey = (value: string): string =>
  value.length > LONGEST ? value : spaceFolded(caseFolded(prepared(value))).normalize('NFC')

/** The form of an older rule, without the width and the variants of letters; some values are kept in it (see `migrations`). */
const olderKey = (value: string): string => (value.length > LONGEST ? value : value.trim().normalize('NFC').toLowerCase())

/** Whether two spellings are one identifier. */
export const isSameIdentifier = (one: string, other: string): boolean => identifierKey(one) === identifierKey(other)

const keysOf = (value: string): string[] => [...new Set([olderKey(value), identifierKey(value)])]

/** The rows of a value, the nearer spelling first. One statement, whoever has it. */
const find = async (domain: Domain, identifier: string) => {
  const keys = keysOf(identifier)
  const found = await domain.db.identifier.findMany({
    where: { value: { in: keys } },
    include: { user: true },
    relationLoadStrategy: 'join',
  })
  return found.sort((one, other) => keys.indexOf(one.value) - keys.indexOf(other.value))
}

/** The account that signs in with this username or e-mail address, or null; the nearer spelling wins. */
export const findByIdentifier = async (domain: Domain, identifier: string): Promise<Account | null> =>
  (await find(domain, identifier)).find(({ reservedUntil }) => reservedUntil === null)?.user ?? null

/** The account that keeps others from taking this username or e-mail address, or null. */
export const findHolder = async (domain: Domain, identifier: string): Promise<Account | null> => {
  const now = domain.clock.now()
  return (await find(domain, identifier)).find(({ reservedUntil }) => reservedUntil === null || reservedUntil > now)?.user ?? null
}

/** A username that is the own address goes with it to the next one, and does not keep the old one from its next owner. */
export const usernameWith = ({ username, email }: Pick<Account, 'username' | 'email'>, next: string): string =>
  email !== null && identifierKey(username) === identifierKey(email) ? next : username

export interface Mailbox {
  readonly account: Account
  readonly address: string
}

/**
 * Where a reset that is asked for by an address goes, or null: to that address, or, while one is held for its account, to the held one,
 * which finds the account as well.
 */
export const findMailbox = async (domain: Domain, email: string): Promise<Mailbox | null> => {
  const key = identifierKey(email)
  for (const { user: account } of await find(domain, email)) {
    const held = heldEmailOf(domain, account)
    const isIts = [account.email, held].some((address) => address !== null && identifierKey(address) === key)
    const address = held ?? account.email
    if (isIts && address !== null) return { account, address }
  }
  return null
}

/** Takes a value for an account; false if another account has it, or has it reserved. The account's row must be there. */
export const take = async ({ clock }: Pick<Domain, 'clock'>, tx: Tx, value: string, userId: string): Promise<boolean> => {
  const key = identifierKey(value)
  const { count } = await tx.identifier.createMany({ data: [{ value: key, userId }], skipDuplicates: true })
  if (count === 1) return true
  const reserved = await tx.identifier.updateMany({
    where: { value: key, reservedUntil: { not: null }, OR: [{ userId }, { reservedUntil: { lte: clock.now() } }] },
    data: { userId, reservedUntil: null },
  })
  return reserved.count === 1 || (await tx.identifier.findUnique({ where: { value: key } }))?.userId === userId
}

/** Gives up values that the account no longer goes by; what is reserved for it stays so. */
export const release = async (tx: Tx, userId: string, kept: readonly (string | null)[]): Promise<void> => {
  const keep = kept.filter((value) => value !== null).flatMap(keysOf)
  await tx.identifier.deleteMany({ where: { userId, value: { notIn: keep }, reservedUntil: null } })
}

/** Reserves a value that the account goes by no more, for as long as it takes; call it before `release`. */
export const reserve = async (tx: Tx, userId: string, value: string, until: Date): Promise<void> => {
  await tx.identifier.updateMany({ where: { userId, value: { in: keysOf(value) } }, data: { reservedUntil: until } })
}

export const emailTaken = (): Failure => fieldFailure('EMAIL_TAKEN', 'email', 'E-mail already in use')
export const usernameTaken = (): Failure => fieldFailure('USERNAME_TAKEN', 'username', 'Username already in use')

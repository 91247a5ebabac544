/**
 * Usernames and e-mail addresses share one namespace, in which each value is unique: with a username equal to somebody else's
 * address, one account could receive the other's sign-ins. Values are compared in one normal form and shown as typed.
 *
 * A verified address that an account has moved away from may stay reserved for it for a while: nobody can sign in with it, no other
 * account can take it, and the account may take it back.
 */
import { Prisma, type User } from '../../db/generated/client.ts'
import { type Failure, fieldFailure } from '../base/errors.ts'
import { caseFolded, prepared, spaceFolded } from '../base/spelling.ts'
import type { Account } from '../frame/account.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { type Delay, type DelayRow, delaysAt } from '../limits/passwordDelays.ts'
import { heldEmailOf } from './hold.ts'
import { accountColumns } from './userColumns.ts'

/**
 * Longer values, in UTF-16 code units, cannot be identifiers; they are compared as they are, so that they cost nothing to
 * normalise.
 */
const LONGEST = 2_048

/** The normal form of an identifier: width-folded, NFC, case-folded, trimmed, with single spaces inside. */
export const identifierKey = (value: string): string =>
  value.length > LONGEST ? value : spaceFolded(caseFolded(prepared(value))).normalize('NFC')

/** The normal form of an older rule, without width folding and letter variants; some rows still have it (see `migrations`). */
const olderKey = (value: string): string => (value.length > LONGEST ? value : value.trim().normalize('NFC').toLowerCase())

/** What a search compares with: username and address in normal form, apart by two spaces, which a normal form does not have. */
export const searchedOf = ({ username, email }: Pick<Account, 'username' | 'email'>): Pick<User, 'identifierKeys'> => ({
  identifierKeys: [username, email].flatMap((value) => (value === null ? [] : [identifierKey(value)])).join('  '),
})

/** Whether two spellings are the same identifier. */
export const isSameIdentifier = (one: string, other: string): boolean => identifierKey(one) === identifierKey(other)

const keysOf = (value: string): string[] => [...new Set([olderKey(value), identifierKey(value)])]

/** An account with one of its identifiers. */
type Row = Account & { readonly value: string; readonly reservedUntil: Date | null }

interface Found {
  readonly value: string
  readonly reservedUntil: Date | null
  readonly user: Account
}

const rowsOf = (keys: readonly string[]): Prisma.Sql => Prisma.sql`
  SELECT identifiers.value, identifiers.reserved_until AS "reservedUntil", ${accountColumns}
  FROM identifiers JOIN users ON users.id = identifiers.user_id WHERE identifiers.value = ANY(${keys}::text[])`

/** The closer spelling first. */
const inOrder = (keys: readonly string[], rows: readonly Row[]): Found[] =>
  rows
    .map(({ value, reservedUntil, ...user }) => ({ value, reservedUntil, user }))
    .sort((one, other) => keys.indexOf(one.value) - keys.indexOf(other.value))

/** The rows of a value. One statement, whether the value exists or not. */
const find = async (domain: Domain, identifier: string): Promise<Found[]> => {
  const keys = keysOf(identifier)
  return inOrder(keys, await domain.db.$queryRaw<Row[]>(rowsOf(keys)))
}

const inUse = (found: readonly Found[]): Account | null => found.find(({ reservedUntil }) => reservedUntil === null)?.user ?? null

/** The account that signs in with this username or e-mail address, or null. The closer spelling wins. */
export const findByIdentifier = async (domain: Domain, identifier: string): Promise<Account | null> => inUse(await find(domain, identifier))

/** The same, and how long sign-ins with this identifier from this address must wait. One statement, whether the account exists or not. */
export const findForSignIn = async (
  domain: Domain,
  identifier: string,
  clientAddress: string,
): Promise<{ readonly account: Account | null; readonly delay: Delay }> => {
  const { passwords } = domain.limits
  const keys = keysOf(identifier)
  const names = [identifierKey(identifier)]
  const rows = await domain.db.$queryRaw<({ readonly delays: DelayRow[] } & Row)[]>`
    SELECT found.*, ${delaysAt(passwords.keys(names, clientAddress))} AS delays FROM (SELECT) AS always LEFT JOIN (${rowsOf(keys)}) AS found ON true`
  const delay = await passwords.judge(names, clientAddress, rows[0]?.delays ?? [])
  const found = rows.filter(({ value }) => value !== null).map(({ delays: _, ...row }) => row)
  return { account: inUse(inOrder(keys, found)), delay }
}

/** The account that has this username or e-mail address, or has it reserved; null if it is free. */
export const findHolder = async (domain: Domain, identifier: string): Promise<Account | null> => {
  const now = domain.clock.now()
  return (await find(domain, identifier)).find(({ reservedUntil }) => reservedUntil === null || reservedUntil > now)?.user ?? null
}

/** Which of these usernames and e-mail addresses some account has, or has reserved. One statement. */
export const findTaken = async (domain: Domain, identifiers: readonly string[]): Promise<ReadonlySet<string>> => {
  const now = domain.clock.now()
  const keys = identifiers.flatMap(keysOf)
  const rows = await domain.db.$queryRaw<Pick<Found, 'value' | 'reservedUntil'>[]>`
    SELECT value, reserved_until AS "reservedUntil" FROM identifiers WHERE value = ANY(${keys}::text[])`
  const held = new Set(rows.filter(({ reservedUntil }) => reservedUntil === null || reservedUntil > now).map(({ value }) => value))
  return new Set(identifiers.filter((identifier) => keysOf(identifier).some((key) => held.has(key))))
}

/** The new username if the old one was the account's old address: it changes with the address, so that the old address becomes free. */
export const usernameWith = ({ username, email }: Pick<Account, 'username' | 'email'>, next: string): string =>
  email !== null && identifierKey(username) === identifierKey(email) ? next : username

export interface Mailbox {
  readonly account: Account
  readonly address: string
}

/**
 * The address to send a password reset to, given the address that was typed, or null. While an address is held for the account,
 * resets go to the held one, and it finds the account too.
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

/** Takes values for an account in one statement; false if some were not free, and may be taken or not. The account's row must exist. */
export const takeUnused = async (tx: Tx, values: readonly string[], userId: string): Promise<boolean> => {
  const keys = new Set(values.map(identifierKey))
  const { count } = await tx.identifier.createMany({ data: [...keys].map((value) => ({ value, userId })), skipDuplicates: true })
  return count === keys.size
}

/** Takes a value for an account; false if another account has it or has it reserved. The account's row must exist. */
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

/** Frees the values that the account no longer uses; reserved ones stay reserved. */
export const release = async (tx: Tx, userId: string, kept: readonly (string | null)[]): Promise<void> => {
  const keep = kept.filter((value) => value !== null).flatMap(keysOf)
  await tx.identifier.deleteMany({ where: { userId, value: { notIn: keep }, reservedUntil: null } })
}

/** Reserves a value that the account no longer uses, for a time; call it before `release`. */
export const reserve = async (tx: Tx, userId: string, value: string, until: Date): Promise<void> => {
  await tx.identifier.updateMany({ where: { userId, value: { in: keysOf(value) } }, data: { reservedUntil: until } })
}

export const emailTaken = (): Failure => fieldFailure('EMAIL_TAKEN', 'email', 'E-mail already in use')
export const usernameTaken = (): Failure => fieldFailure('USERNAME_TAKEN', 'username', 'Username already in use')

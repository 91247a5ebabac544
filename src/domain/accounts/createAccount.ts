/**
 * Creates accounts, for all surfaces and for the administrator of the settings: derives names and username, takes the identifiers,
 * and claims the first account, all in the caller's transaction.
 */
import type { Prisma } from '../../db/generated/client.ts'
import { record } from '../auditLog/events.ts'
import { newAccountId } from '../base/ids.ts'
import type { Locale } from '../base/locales.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { claimFirst } from './firstAccount.ts'
import { emailTaken, identifierKey, searchedOf, take, takeUnused, usernameTaken } from './identifiers.ts'
import { fromFullName, fromParts, fromUsername, type Names } from './personNames.ts'

export interface NewAccount {
  readonly email: string | null
  readonly username: string | null
  /** Null for an account without a password: nobody can sign in to it with one. */
  readonly passwordHash: string | null
  readonly name?: string | null | undefined
  readonly firstName?: string | null | undefined
  readonly lastName?: string | null | undefined
  readonly phone?: { readonly asSent: string; readonly e164: string } | null | undefined
  readonly bio?: string | null | undefined
  readonly locale: Locale
  readonly mustChangePassword?: boolean
  readonly isAdmin?: boolean
  readonly scopes?: readonly string[]
}

const namesOf = (account: NewAccount, username: string): Names => {
  if (account.name != null) return fromFullName(account.name)
  if (account.firstName != null) return fromParts(account.firstName, account.lastName ?? null)
  return fromUsername(username)
}

/** A free username derived from the local part of the e-mail address: `ada`, `ada2`, then with a random suffix. */
async function* derivedUsernames(domain: Domain, email: string): AsyncGenerator<string> {
  const base = email.slice(0, email.lastIndexOf('@')).slice(0, 100)
  yield base
  for (let number = 2; number <= 9; number += 1) yield `${base}${number}`
  while (true) yield `${base}-${domain.randomBytes(5).toString('hex')}`
}

const takeDerivedUsername = async (domain: Domain, tx: Tx, email: string, userId: string): Promise<string> => {
  for await (const candidate of derivedUsernames(domain, email)) {
    if (await take(domain, tx, candidate, userId)) return candidate
  }
  throw new Error('no username left')
}

const byKey = (one: string, other: string): number => (identifierKey(one) < identifierKey(other) ? -1 : 1)

/** Takes username and address in a fixed order, so that two transactions that want them crosswise do not deadlock. */
const takeBoth = async (domain: Domain, tx: Tx, { username, email }: NewAccount, userId: string): Promise<void> => {
  const values = [username, email].filter((value) => value !== null).sort(byKey)
  if (await takeUnused(tx, values, userId)) return
  const lost = new Set<string>()
  for (const value of values) if (!(await take(domain, tx, value, userId))) lost.add(value)
  if (username !== null && lost.has(username)) throw usernameTaken()
  if (email !== null && lost.has(email)) throw emailTaken()
}

/**
 * Creates an account within `tx`.
 * @throws {Failure} USERNAME_TAKEN, EMAIL_TAKEN
 */
export async function createAccount(domain: Domain, tx: Tx, caller: Caller, input: NewAccount): Promise<Account> {
  const id = newAccountId(domain.randomBytes, caller.surface)
  const now = domain.clock.now()
  const provisional = input.username ?? input.email ?? id
  const data: Prisma.UserCreateInput = {
    id,
    createdAt: now,
    updatedAt: now,
    email: input.email,
    username: provisional,
    ...searchedOf({ username: provisional, email: input.email }),
    ...namesOf(input, provisional),
    phone: input.phone?.asSent ?? null,
    phoneE164: input.phone?.e164 ?? null,
    bio: input.bio ?? null,
    locale: input.locale,
    passwordHash: input.passwordHash,
    mustChangePassword: input.mustChangePassword ?? false,
    isAdmin: input.isAdmin ?? false,
    scopes: [...(input.scopes ?? [])],
  }
  const account = await tx.user.create({ data })
  await takeBoth(domain, tx, input, id)
  const username = input.username ?? (await takeDerivedUsername(domain, tx, input.email ?? id, id))
  const first = await claimFirst(domain, tx, id)
  const isAdmin = account.isAdmin || (first && domain.config.FIRST_ACCOUNT_IS_ADMIN)
  if (username === account.username && isAdmin === account.isAdmin) return account
  return await tx.user.update({
    where: { id },
    data: { username, ...searchedOf({ username, email: input.email }), ...namesOf(input, username), isAdmin },
  })
}

/** Records that an account was created: by its owner, by another account, or (null) from the settings. */
export const recordCreated = async (domain: Domain, tx: Tx, caller: Caller, account: Account, actorId: string | null): Promise<void> => {
  const { id: userId, isAdmin, scopes } = account
  await record(domain, tx, caller, { type: 'account.created', userId, actorId, details: { isAdmin, scopes: scopes.join(' ') } })
}

/** Decides what becomes of each account of a batch, from what the database has. Accounts of the same batch count as well. */
import { identifierKey } from '../accounts/identifiers.ts'
import type { OnConflict } from './conflictRules.ts'
import type { Existing, Holder, Person } from './conflicts.ts'
import type { PreparedAccount, SessionRow } from './preparedAccount.ts'

export type Planned =
  | { readonly outcome: 'created'; readonly account: PreparedAccount; readonly sessions: readonly SessionRow[] }
  | { readonly outcome: 'merged'; readonly account: PreparedAccount; readonly userId: string; readonly sessions: readonly SessionRow[] }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'skipped' | 'rejected' | 'failed'; readonly reason: string }

/** An account to plan, with the digests of its record. */
export interface Candidate {
  readonly account: PreparedAccount
  readonly digests: readonly string[]
}

export const personOf = ({ username, email, row, record }: PreparedAccount): Person => ({
  username: identifierKey(username),
  email: email === null ? null : identifierKey(email),
  isVerified: row.email_verified_at !== null,
  hasRights: record.isAdmin || record.scopes.length > 0,
  isDisabled: record.disabled,
})

/**
 * Whether a record is about the person who has an account. A name that two programs know is no proof, and an address is one only where both
 * have verified it: otherwise, who signed up here with somebody's address would get what that person has elsewhere. An account with rights
 * gets nothing at all: whoever can write into the origin, or into its file, could sign in with a token, and have these rights.
 * @returns why it is not; undefined if it is
 */
const doubt = (record: Person, account: Person, hasSameId: boolean): string | undefined => {
  if (account.hasRights) return 'that account has administrator rights or scopes'
  if (account.isDisabled) return 'sign-in is disabled for that account'
  if (record.email !== null && account.email !== null) {
    if (record.email !== account.email) return 'that account has another e-mail address'
    if (hasSameId || (record.isVerified && account.isVerified)) return undefined
    return 'the address is not verified in both'
  }
  return hasSameId && record.username === account.username ? undefined : 'nothing shows that it is the same person'
}

const conflictOf = (
  { id, email, username }: PreparedAccount,
  ids: ReadonlyMap<string, Person>,
  holds: (value: string) => boolean,
): string => {
  if (ids.has(id)) return 'an account has this id'
  if (email !== null && holds(email)) return 'another account has this e-mail address'
  return holds(username) ? 'another account has this username' : 'another account has its username or e-mail address'
}

export const planBatch = (batch: readonly Candidate[], existing: Existing, onConflict: OnConflict): Planned[] => {
  const people = new Map(existing.people)
  const holders = new Map(existing.holders)
  const known = new Set(existing.known)
  const tokens = new Set(existing.tokens)

  const newSessions = (account: PreparedAccount): SessionRow[] =>
    account.sessions.filter(({ token_hash }) => {
      if (tokens.has(token_hash)) return false
      tokens.add(token_hash)
      return true
    })

  const create = (account: PreparedAccount): Planned => {
    people.set(account.id, personOf(account))
    for (const key of account.keys) holders.set(key, { userId: account.id, isReserved: false })
    return { outcome: 'created', account, sessions: newSessions(account) }
  }

  const merge = (account: PreparedAccount, others: readonly string[], reason: string, isReserved: boolean): Planned => {
    const [userId = '', ...more] = others
    const person = people.get(userId)
    if (more.length > 0) return { outcome: 'rejected', reason: `${others.length} accounts have its id, username or e-mail address` }
    if (isReserved) return { outcome: 'rejected', reason: `${reason} reserved, and no longer uses it` }
    const because = person === undefined ? 'it is gone' : doubt(personOf(account), person, account.id === userId)
    if (because !== undefined) return { outcome: 'rejected', reason: `${reason}, and it was not merged: ${because}` }
    return { outcome: 'merged', account, userId, sessions: newSessions(account) }
  }

  const plan = ({ account, digests }: Candidate): Planned => {
    if (digests.some((digest) => known.has(digest))) return { outcome: 'unchanged' }
    const held = account.keys.flatMap((key): Holder[] => {
      const holder = holders.get(key)
      return holder === undefined ? [] : [holder]
    })
    const others = new Set(held.map(({ userId }) => userId))
    if (people.has(account.id)) others.add(account.id)
    const reason = conflictOf(account, people, (value) => holders.has(identifierKey(value)))
    if (others.size > 0 && onConflict === 'fail') return { outcome: 'failed', reason }
    if (others.size > 0 && onConflict === 'skip') return { outcome: 'skipped', reason }
    const isReserved = held.some((holder) => holder.isReserved)
    const planned = others.size === 0 ? create(account) : merge(account, [...others], reason, isReserved)
    if (planned.outcome !== 'rejected') for (const digest of digests) known.add(digest)
    return planned
  }
  return batch.map(plan)
}

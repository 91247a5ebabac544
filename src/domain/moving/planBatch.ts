/** Decides what becomes of each account of a batch, from what the database has. Accounts of the same batch count as well. */
import { createHash } from 'node:crypto'
import { identifierKey } from '../accounts/identifiers.ts'
import type { Existing } from './conflicts.ts'
import type { PreparedAccount, SessionRow } from './preparedAccount.ts'

/** What becomes of an account whose id or identifier another one has: it is left out, added to that one, or ends the import. */
export type OnConflict = 'skip' | 'merge' | 'fail'

export type Planned =
  | { readonly outcome: 'created'; readonly account: PreparedAccount; readonly username: string; readonly sessions: readonly SessionRow[] }
  | { readonly outcome: 'merged'; readonly account: PreparedAccount; readonly userId: string; readonly sessions: readonly SessionRow[] }
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'skipped' | 'rejected' | 'failed'; readonly reason: string }

/** The username to derive, if it is free: the local part of the address, else the id. */
const derivedBase = ({ email, id }: PreparedAccount): string =>
  (email === null ? id : email.slice(0, Math.max(1, email.lastIndexOf('@')))).slice(0, 100)

/** The identifiers of accounts in normal form, with the usernames that may be derived. */
export const keysOf = (batch: readonly PreparedAccount[]): string[] => [
  ...new Set(batch.flatMap((account) => [...account.keys, ...(account.username === null ? [identifierKey(derivedBase(account))] : [])])),
]

/** The same record always gets the same one. */
const suffixOf = ({ id, email }: PreparedAccount): string => createHash('sha256').update(`${id} ${email}`).digest('hex').slice(0, 10)

const describe = (account: PreparedAccount, ids: ReadonlySet<string>, holders: ReadonlyMap<string, string>): string => {
  if (ids.has(account.id)) return 'an account has this id'
  const holds = (value: string | null) => value !== null && holders.has(identifierKey(value))
  return holds(account.email) ? 'another account has this e-mail address' : 'another account has this username'
}

export const planBatch = (batch: readonly PreparedAccount[], existing: Existing, onConflict: OnConflict): Planned[] => {
  const ids = new Set(existing.ids)
  const holders = new Map(existing.holders)
  const known = new Map(existing.known)
  const tokens = new Set(existing.tokens)

  const usernameOf = (account: PreparedAccount): string => {
    if (account.username !== null) return account.username
    const base = derivedBase(account)
    return holders.has(identifierKey(base)) && !account.keys.includes(identifierKey(base)) ? `${base}-${suffixOf(account)}` : base
  }
  const newSessions = (account: PreparedAccount): SessionRow[] =>
    account.sessions.filter(({ token_hash }) => {
      if (tokens.has(token_hash)) return false
      tokens.add(token_hash)
      return true
    })

  const plan = (account: PreparedAccount): Planned => {
    if (known.has(account.digest)) return { outcome: 'unchanged' }
    const others = new Set(account.keys.flatMap((key) => holders.get(key) ?? []))
    if (ids.has(account.id)) others.add(account.id)
    const [other, ...more] = others
    if (other === undefined) {
      const username = usernameOf(account)
      ids.add(account.id)
      for (const key of [...account.keys, identifierKey(username)]) holders.set(key, account.id)
      known.set(account.digest, account.id)
      return { outcome: 'created', account, username, sessions: newSessions(account) }
    }
    const reason = describe(account, ids, holders)
    if (onConflict === 'fail') return { outcome: 'failed', reason }
    if (onConflict === 'skip') return { outcome: 'skipped', reason }
    if (more.length > 0) return { outcome: 'rejected', reason: `${others.size} accounts have its id, username or e-mail address` }
    known.set(account.digest, other)
    return { outcome: 'merged', account, userId: other, sessions: newSessions(account) }
  }
  return batch.map(plan)
}

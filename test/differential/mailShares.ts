/**
 * The shares of mailboxes, which are kept under hashes: named after the accounts and addresses that they are of. For an address that
 * moved by two ways, the one mail to it is a confirmation here and a verification there, and an account is counted for one of them.
 */
import { createHash } from 'node:crypto'
import type { Row } from './dump.ts'

const keyOf = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

interface Known {
  /** Ids of accounts and their names. */
  readonly labels: ReadonlyMap<string, string>
  readonly addresses: readonly string[]
  /** Whether an address may have moved by two ways. */
  readonly movesTwoWays: boolean
}

const timesOf = ({ sent_at: times }: Row): string[] => (Array.isArray(times) ? times.map(String) : [])

const merged = (key: string, rows: readonly Row[]): Row => ({
  key,
  last_at: rows
    .map(({ last_at: time }) => String(time))
    .sort()
    .at(-1),
  sent_at: rows.flatMap(timesOf).sort(),
})

export function mailShares(rows: readonly Row[], { labels, addresses, movesTwoWays }: Known): Row[] {
  const accounts = new Map([...labels].map(([id, label]) => [keyOf('account', id), `account ${label}`]))
  const asked = new Map<string, string>()
  for (const address of addresses.map((address) => address.toLowerCase()))
    for (const kind of ['confirmation', 'verification']) asked.set(keyOf(kind, address), `mails to ${address}`)
  const groups = new Map<string, Row[]>()
  for (const row of rows) {
    const key = String(row.key)
    if (movesTwoWays && accounts.has(key)) continue
    const name = accounts.get(key) ?? (movesTwoWays ? asked.get(key) : undefined) ?? key
    groups.set(name, [...(groups.get(name) ?? []), row])
  }
  return [...groups].map(([name, group]) => merged(name, group))
}

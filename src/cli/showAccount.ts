/** An account as commands print it: nothing secret. */
import type { ListedAccount } from '../domain/accounts/accountJson.ts'
import type { Account } from '../domain/frame/account.ts'

export const shownAccount = (account: Account) => ({
  id: account.id,
  username: account.username,
  email: account.email,
  emailVerifiedAt: account.emailVerifiedAt,
  name: account.name,
  isAdmin: account.isAdmin,
  loginDisabled: account.loginDisabled,
  twoFactorEnabled: account.twoFactorSecret !== null,
  mustChangePassword: account.mustChangePassword,
  scopes: account.scopes,
  locale: account.locale,
  createdAt: account.createdAt,
  updatedAt: account.updatedAt,
})

/** Control characters of names must not reach the terminal. */
export const printable = (text: string): string => text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '�')

const wordOf = (value: unknown): string => {
  if (value instanceof Date) return value.toISOString()
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (Array.isArray(value)) return value.length === 0 ? '-' : printable(value.join(' '))
  return value === null || value === undefined || value === '' ? '-' : printable(String(value))
}

/** One line for each fact, with its name. */
export const factsText = (facts: Readonly<Record<string, unknown>>): string => {
  const width = Math.max(...Object.keys(facts).map((name) => name.length))
  return Object.entries(facts)
    .map(([name, value]) => `${name.padEnd(width)}  ${wordOf(value)}`)
    .join('\n')
}

export const accountText = (account: Account): string => factsText(shownAccount(account))

/** One line of a list. */
export const accountLine = ({ id, username, email, isAdmin, loginDisabled }: ListedAccount): string =>
  [id, printable(username), printable(email ?? '-'), ...(isAdmin ? ['administrator'] : []), ...(loginDisabled ? ['disabled'] : [])].join(
    '  ',
  )

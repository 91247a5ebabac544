/**
 * Notices to the owner of an account: something about it changed, and what to do if it was somebody else.
 */

import type { Domain } from '../domain.ts'
import type { Account } from '../sessions/authenticate.ts'
import { passwordChanged, passwordReset, recoveryCodesRegenerated, twoFactorDisabled, twoFactorEnabled } from './templates.ts'

const templates = { passwordChanged, passwordReset, recoveryCodesRegenerated, twoFactorDisabled, twoFactorEnabled }

/** Sends a notice to the account's address; an account without one gets none. */
export const notice = (domain: Domain, account: Pick<Account, 'email' | 'name' | 'locale'>, template: keyof typeof templates): void => {
  if (account.email !== null) domain.sendMail(templates[template]({ to: account.email, name: account.name, locale: account.locale }))
}

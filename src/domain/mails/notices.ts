/**
 * Notices to the owner of an account: something about it changed, and what to do if it was somebody else.
 */
import type { Domain, Tx } from '../domain.ts'
import { queueMail } from '../outbox/queue.ts'
import type { Mail } from '../ports.ts'
import type { Account } from '../sessions/authenticate.ts'
import {
  type Addressee,
  emailChanged,
  newDevice,
  passwordChanged,
  passwordReset,
  personalAccessTokenCreated,
  recoveryCodesRegenerated,
  recoveryCodeUsed,
  twoFactorDisabled,
  twoFactorEnabled,
} from './templates.ts'

const templates = {
  emailChanged,
  newDevice,
  passwordChanged,
  passwordReset,
  personalAccessTokenCreated,
  recoveryCodesRegenerated,
  recoveryCodeUsed,
  twoFactorDisabled,
  twoFactorEnabled,
}

type Templates = typeof templates
/** What a template tells beside whom it tells. */
type Facts<Name extends keyof Templates> = Omit<Parameters<Templates[Name]>[0], keyof Addressee>

/** How a mail to an account is addressed, greets, and in which language it speaks. */
export const addressee = ({ name, locale }: Pick<Account, 'name' | 'locale'>, to: string): Addressee => ({ to, name, locale })

/** Queues a notice to the account's address, in the transaction of what it tells of; an account without one gets none. */
export const notice = async <Name extends keyof Templates>(
  domain: Domain,
  tx: Tx,
  account: Pick<Account, 'email' | 'name' | 'locale'>,
  template: Name,
  ...[facts]: keyof Facts<Name> extends never ? [] : [Facts<Name>]
): Promise<void> => {
  if (account.email === null) return
  const render = templates[template] as (given: Addressee) => Mail
  await queueMail(domain, tx, render({ ...addressee(account, account.email), ...facts }))
}

/**
 * Notices to the owner of an account: something about it changed, and what to do if it was somebody else. They go to an address
 * that was verified once, and to no other: whoever never answered may have nothing to do with the account.
 */
import type { Domain, Tx } from '../domain.ts'
import { queueMail } from '../outbox/queue.ts'
import { isFull } from '../outbox/room.ts'
import { holdShares, noticeShares } from '../outbox/shares.ts'
import type { Mail } from '../ports.ts'
import type { Account } from '../sessions/authenticate.ts'
import type { NoticeName } from './facts.ts'
import { gather, isGathering } from './gather.ts'
import { serviceName } from './service.ts'
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
} satisfies Readonly<Record<NoticeName, unknown>>

type Templates = typeof templates
/** What a template tells beside whom it tells. */
type Facts<Name extends keyof Templates> = Omit<Parameters<Templates[Name]>[0], keyof Addressee>

/** How a mail to an account is addressed, greets, and in which language it speaks. */
export const addressee = ({ config }: Domain, { name, locale }: Pick<Account, 'name' | 'locale'>, to: string): Addressee => ({
  to,
  name,
  locale,
  service: serviceName(config),
})

/** Whether a text that was stored names a notice that there is. */
export const isNoticeName = (name: string): name is NoticeName => Object.hasOwn(templates, name)

/**
 * Queues a notice to the account's address, in the transaction of what it tells of. Beyond the mails of an hour, or of the outbox, it
 * is gathered. An account whose address was never verified, or that has none, gets none.
 */
export const notice = async <Name extends keyof Templates>(
  domain: Domain,
  tx: Tx,
  account: Pick<Account, 'id' | 'email' | 'emailVerifiedAt' | 'name' | 'locale'>,
  template: Name,
  ...[facts]: keyof Facts<Name> extends never ? [] : [Facts<Name>]
): Promise<void> => {
  const { id: userId, email: address, emailVerifiedAt } = account
  if (address === null || emailVerifiedAt === null) return
  const held = await holdShares(domain, tx, noticeShares(domain, address))
  const waits = !held.fits || (await isGathering(tx, { userId, address })) || (await isFull(domain, tx))
  if (waits) return await gather(domain, tx, { userId, address }, template, held.freeAt)
  await held.take()
  const render = templates[template] as (given: Addressee) => Mail
  await queueMail(domain, tx, render({ ...addressee(domain, account, address), ...facts }))
}

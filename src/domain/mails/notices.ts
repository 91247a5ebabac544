/**
 * Notices to the owner of an account: what changed, and what to do if it was somebody else. They only go to addresses that were
 * verified, because the reader of an unverified address may have nothing to do with the account.
 */

import { heldEmailOf } from '../accounts/hold.ts'
import type { Mail } from '../base/ports.ts'
import type { Account } from '../frame/account.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { queueMail } from '../outbox/queue.ts'
import { isFull } from '../outbox/room.ts'
import { holdShares, noticeShares } from '../outbox/shares.ts'
import type { Undo } from '../undo/offer.ts'
import { gather, isGathering } from './gatherNotices.ts'
import type { NoticeName } from './mailFacts.ts'
import { serviceName } from './service.ts'
import {
  type Addressee,
  accountDeleted,
  changeUndone,
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
  accountDeleted,
  changeUndone,
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
/** The facts of a template, without those about the recipient. */
type Facts<Name extends keyof Templates> = Omit<Parameters<Templates[Name]>[0], keyof Addressee | 'undo'>

/** The recipient's address, name and language. */
export const addressee = ({ config }: Domain, { name, locale }: Pick<Account, 'name' | 'locale'>, to: string): Addressee => ({
  to,
  name,
  locale,
  service: serviceName(config),
})

/** Whether a stored text is the name of a notice. */
export const isNoticeName = (name: string): name is NoticeName => Object.hasOwn(templates, name)

type Recipient = Pick<Account, 'id' | 'email' | 'emailVerifiedAt' | 'name' | 'locale' | 'heldEmail' | 'heldUntil'>

/** The address of an account, if it is verified, and the one held for it after a change that took effect at once. */
const addressesOf = (domain: Domain, account: Recipient): string[] => {
  const own = account.emailVerifiedAt === null ? null : account.email
  return [...new Set([own, heldEmailOf(domain, account)].filter((address) => address !== null))]
}

interface Going {
  readonly userId: string
  readonly address: string
  readonly template: NoticeName
  /** Ignores the hourly limit. */
  readonly always: boolean
}

/** Counts a notice; true if it may be sent now, false if it is to be gathered. */
const goesNow = async (domain: Domain, tx: Tx, { userId, address, template, always }: Going): Promise<boolean> => {
  const held = await holdShares(domain, tx, noticeShares(domain, address))
  const goes = always || (held.fits && !(await isGathering(tx, { userId, address })) && !(await isFull(domain, tx)))
  await (goes ? held.take() : gather(domain, tx, { userId, address }, template, held.freeAt))
  return goes
}

/**
 * Queues a notice to the account's addresses, in the transaction of the change it is about. Beyond the hourly limit, or with a full
 * outbox, it is gathered. An account without a verified address gets none. A notice with an undo link is always sent, only to the
 * address that it is for: a thief cannot use up the limit first. An account can have a limited number of those. The notice that the
 * account was deleted is always sent too, because no mail about the account can follow it.
 */
export const notice = async <Name extends keyof Templates>(
  domain: Domain,
  tx: Tx,
  account: Recipient,
  template: Name,
  ...[facts, undo = null]: keyof Facts<Name> extends never ? [object?, (Undo | null)?] : [Facts<Name>, (Undo | null)?]
): Promise<void> => {
  const render = templates[template] as (given: Addressee) => Mail
  for (const address of addressesOf(domain, account)) {
    const link = undo?.address === address ? { undo: { link: undo.link, life: undo.life } } : null
    const always = link !== null || template === 'accountDeleted'
    if (!(await goesNow(domain, tx, { userId: account.id, address, template, always }))) continue
    await queueMail(domain, tx, render({ ...addressee(domain, account, address), ...facts, ...link }))
  }
}

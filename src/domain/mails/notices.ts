/**
 * Notices to the owner of an account: something about it changed, and what to do if it was somebody else. They go to an address
 * that was verified once, and to no other: whoever never answered may have nothing to do with the account.
 */

import type { Account } from '../accounts/account.ts'
import { heldEmailOf } from '../accounts/hold.ts'
import type { Mail } from '../base/ports.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { queueMail } from '../outbox/queue.ts'
import { isFull } from '../outbox/room.ts'
import { holdShares, noticeShares } from '../outbox/shares.ts'
import type { Undo } from '../undo/offer.ts'
import type { NoticeName } from './facts.ts'
import { gather, isGathering } from './gather.ts'
import { serviceName } from './service.ts'
import {
  type Addressee,
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
/** What a template tells beside whom it tells. */
type Facts<Name extends keyof Templates> = Omit<Parameters<Templates[Name]>[0], keyof Addressee | 'undo'>

/** How a mail to an account is addressed, greets, and in which language it speaks. */
export const addressee = ({ config }: Domain, { name, locale }: Pick<Account, 'name' | 'locale'>, to: string): Addressee => ({
  to,
  name,
  locale,
  service: serviceName(config),
})

/** Whether a text that was stored names a notice that there is. */
export const isNoticeName = (name: string): name is NoticeName => Object.hasOwn(templates, name)

type Told = Pick<Account, 'id' | 'email' | 'emailVerifiedAt' | 'name' | 'locale' | 'heldEmail' | 'heldUntil'>

/** The address of an account, if it was verified, and the one that is held for it after a change that counted at once. */
const addressesOf = (domain: Domain, account: Told): string[] => {
  const own = account.emailVerifiedAt === null ? null : account.email
  return [...new Set([own, heldEmailOf(domain, account)].filter((address) => address !== null))]
}

interface Going {
  readonly userId: string
  readonly address: string
  readonly template: NoticeName
  /** Whatever the hour has seen. */
  readonly always: boolean
}

/** Counts a notice. Whether it goes now; else it is gathered. */
const goesNow = async (domain: Domain, tx: Tx, { userId, address, template, always }: Going): Promise<boolean> => {
  const held = await holdShares(domain, tx, noticeShares(domain, address))
  const goes = always || (held.fits && !(await isGathering(tx, { userId, address })) && !(await isFull(domain, tx)))
  await (goes ? held.take() : gather(domain, tx, { userId, address }, template, held.freeAt))
  return goes
}

/**
 * Queues a notice to the account's addresses, in the transaction of what it tells of. Beyond the mails of an hour, or of the outbox, it
 * is gathered. An account without a verified address gets none. An undo link goes to its own address alone, and always: a thief cannot
 * use up the mails of the hour first. An account has a bounded number of them.
 */
export const notice = async <Name extends keyof Templates>(
  domain: Domain,
  tx: Tx,
  account: Told,
  template: Name,
  ...[facts, undo = null]: keyof Facts<Name> extends never ? [object?, (Undo | null)?] : [Facts<Name>, (Undo | null)?]
): Promise<void> => {
  const render = templates[template] as (given: Addressee) => Mail
  for (const address of addressesOf(domain, account)) {
    const link = undo?.address === address ? { undo: { link: undo.link, life: undo.life } } : null
    if (!(await goesNow(domain, tx, { userId: account.id, address, template, always: link !== null }))) continue
    await queueMail(domain, tx, render({ ...addressee(domain, account, address), ...facts, ...link }))
  }
}

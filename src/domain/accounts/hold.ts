/**
 * The held address. If a change of address takes effect at once, the previous verified address is held for EMAIL_CHANGE_HOLD: reset
 * mails go to it, whichever address was given, and notices go to it too. Further changes within that time keep and prolong the
 * hold. So a stolen token is not enough to take over an account by a password reset.
 */

import type { Account } from '../frame/account.ts'
import { type Domain, later } from '../frame/domain.ts'

export type Hold = Pick<Account, 'heldEmail' | 'heldVerifiedAt' | 'heldUntil'>

export const NO_HOLD: Hold = { heldEmail: null, heldVerifiedAt: null, heldUntil: null }

/** The address held for an account, if any. */
export const heldEmailOf = ({ clock }: Pick<Domain, 'clock'>, { heldEmail, heldUntil }: Pick<Account, 'heldEmail' | 'heldUntil'>) =>
  heldUntil !== null && heldUntil > clock.now() ? heldEmail : null

export interface ProvenAddress {
  readonly address: string
  readonly verifiedAt: Date
}

/** The address that is known to be the owner's: the held one, or the account's if it is verified. */
export const ownersAddress = (domain: Pick<Domain, 'clock'>, account: Hold & Pick<Account, 'email' | 'emailVerifiedAt'>) => {
  const held = heldEmailOf(domain, account)
  const [address, verifiedAt] = held === null ? [account.email, account.emailVerifiedAt] : [held, account.heldVerifiedAt]
  return address === null || verifiedAt === null ? null : ({ address, verifiedAt } satisfies ProvenAddress)
}

/** Whether any address of the account was ever verified, so that the account is known to be its owner's. */
export const wasEverProven = ({ emailVerifiedAt, heldVerifiedAt }: Pick<Account, 'emailVerifiedAt' | 'heldVerifiedAt'>): boolean =>
  emailVerifiedAt !== null || heldVerifiedAt !== null

/** Ends the hold. The account still counts as verified once. */
export const holdOver = ({ emailVerifiedAt, heldVerifiedAt }: Pick<Account, 'emailVerifiedAt' | 'heldVerifiedAt'>): Hold => ({
  ...NO_HOLD,
  heldVerifiedAt: heldVerifiedAt ?? emailVerifiedAt,
})

/** What to hold after a change that takes effect at once; an address that was never verified is not held. */
export const holdAfter = (domain: Domain, account: Account): Hold => {
  const proven = ownersAddress(domain, account)
  if (proven === null) return holdOver(account)
  return { heldEmail: proven.address, heldVerifiedAt: proven.verifiedAt, heldUntil: later(domain, domain.config.EMAIL_CHANGE_HOLD) }
}

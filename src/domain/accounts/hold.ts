/**
 * For EMAIL_CHANGE_HOLD after a change of address that counted at once, the verified address from before is held: reset mails go there
 * whatever address they were asked for by, and notices as well. Further changes in that time stay with it and prolong it, so that whoever
 * has a stolen token cannot come by the account with a reset.
 */
import { type Domain, later } from '../frame/domain.ts'
import type { Account } from './account.ts'

export type Hold = Pick<Account, 'heldEmail' | 'heldVerifiedAt' | 'heldUntil'>

export const NO_HOLD: Hold = { heldEmail: null, heldVerifiedAt: null, heldUntil: null }

/** The address that is held for an account, while it is. */
export const heldEmailOf = ({ clock }: Pick<Domain, 'clock'>, { heldEmail, heldUntil }: Pick<Account, 'heldEmail' | 'heldUntil'>) =>
  heldUntil !== null && heldUntil > clock.now() ? heldEmail : null

export interface ProvenAddress {
  readonly address: string
  readonly verifiedAt: Date
}

/** The address that is known to be the owner's: the held one, or else that of the account if it is verified. */
export const ownersAddress = (domain: Pick<Domain, 'clock'>, account: Hold & Pick<Account, 'email' | 'emailVerifiedAt'>) => {
  const held = heldEmailOf(domain, account)
  const [address, verifiedAt] = held === null ? [account.email, account.emailVerifiedAt] : [held, account.heldVerifiedAt]
  return address === null || verifiedAt === null ? null : ({ address, verifiedAt } satisfies ProvenAddress)
}

/** Whether an address of the account was ever shown to be its owner's, and so the account is nobody else's. */
export const wasEverProven = ({ emailVerifiedAt, heldVerifiedAt }: Pick<Account, 'emailVerifiedAt' | 'heldVerifiedAt'>): boolean =>
  emailVerifiedAt !== null || heldVerifiedAt !== null

/** Nothing is held any more; that an address was proven once is not forgotten. */
export const holdOver = ({ emailVerifiedAt, heldVerifiedAt }: Pick<Account, 'emailVerifiedAt' | 'heldVerifiedAt'>): Hold => ({
  ...NO_HOLD,
  heldVerifiedAt: heldVerifiedAt ?? emailVerifiedAt,
})

/** What is held after a change that counts at once; an address that was never verified is not. */
export const holdAfter = (domain: Domain, account: Account): Hold => {
  const proven = ownersAddress(domain, account)
  if (proven === null) return holdOver(account)
  return { heldEmail: proven.address, heldVerifiedAt: proven.verifiedAt, heldUntil: later(domain, domain.config.EMAIL_CHANGE_HOLD) }
}

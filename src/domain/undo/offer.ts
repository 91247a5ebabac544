/**
 * Makes a change that takes effect at once undoable: a snapshot of address and factor, and a link to it in the mail to the owner.
 * The mail goes to the address that is known to be the owner's, and an undo restores that address; a later change by a thief does
 * not invalidate it. An account has at most MOST live snapshots, the oldest ones; an account without a verified address has none.
 */
import type { Prisma } from '../../db/generated/client.ts'
import { heldEmailOf, ownersAddress } from '../accounts/hold.ts'
import { identifierKey, reserve } from '../accounts/identifiers.ts'
import type { Account } from '../frame/account.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { pageLink } from '../mailTokens/mailTokens.ts'
import { hashMailToken, newMailToken } from '../secrets/mailToken.ts'

const MOST = 20

/** A recovery code in a snapshot: a row of `recovery_codes`. */
export interface KeptCode {
  readonly selector: string
  readonly hash: string
  /** ISO 8601. */
  readonly usedAt: string | null
  /** Absent in older snapshots. */
  readonly sealedKey?: string | null
}

export interface Undo {
  /** The address that the link is for. */
  readonly address: string
  readonly link: string
  readonly life: number
}

const keptCodes = async (tx: Tx, userId: string): Promise<KeptCode[]> => {
  const rows = await tx.recoveryCode.findMany({ where: { userId } })
  return rows.map(({ selector, hash, usedAt, sealedKey }) => ({ selector, hash, usedAt: usedAt?.toISOString() ?? null, sealedKey }))
}

/**
 * Stores the present state of an account before a change, and returns a link to it; null if nobody may have one. Lock the account's
 * row first.
 */
export const offerUndo = async (domain: Domain, tx: Tx, userId: string): Promise<Undo | null> => {
  const account = await tx.user.findUniqueOrThrow({ where: { id: userId } })
  const proven = ownersAddress(domain, account)
  const living = await tx.accountUndo.count({ where: { userId, expiresAt: { gt: domain.clock.now() } } })
  if (proven === null || living >= MOST) return null
  const token = newMailToken(domain.randomBytes)
  const { UNDO_LIFE: life } = domain.config
  await tx.accountUndo.create({
    data: {
      hash: hashMailToken(token),
      userId,
      createdAt: domain.clock.now(),
      expiresAt: later(domain, life),
      ...proven,
      twoFactorSecret: account.twoFactorSecret,
      twoFactorLastStep: account.twoFactorLastStep,
      recoveryCodes: (await keptCodes(tx, userId)) as unknown as Prisma.InputJsonValue,
    },
    select: { hash: true },
  })
  return { address: proven.address, link: pageLink(domain, 'undo-change', token), life }
}

/**
 * Reserves every address that an undo or a hold may restore, except those that the account uses. Call it with the account as it
 * will be, before the values that it no longer uses are released.
 */
export const reserveForUndo = async (
  domain: Domain,
  tx: Tx,
  account: Pick<Account, 'id' | 'email' | 'username' | 'heldEmail' | 'heldUntil'>,
): Promise<void> => {
  const undos = await tx.accountUndo.findMany({
    where: { userId: account.id, expiresAt: { gt: domain.clock.now() } },
    orderBy: { expiresAt: 'asc' },
    select: { address: true, expiresAt: true },
  })
  const ends = new Map(undos.map(({ address, expiresAt }) => [identifierKey(address), expiresAt]))
  const held = heldEmailOf(domain, account)
  if (held !== null && account.heldUntil !== null) {
    const key = identifierKey(held)
    const end = ends.get(key)
    ends.set(key, end !== undefined && end > account.heldUntil ? end : account.heldUntil)
  }
  const own = [account.email, account.username].flatMap((value) => (value === null ? [] : [identifierKey(value)]))
  for (const [address, until] of ends) if (!own.includes(address)) await reserve(tx, account.id, address, until)
}

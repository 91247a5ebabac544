/**
 * How many mails a mailbox gets. Each kind has its own share, so that what strangers cause of one kind does not take from another,
 * and all kinds share the hourly limit (LIMIT_MAILS_PER_HOUR):
 *
 * - Resets for an address of the mailbox's owner have the share of that address, LIMIT_RESET_MAILS within LIMIT_RESET_WINDOW, and
 *   no other limit: only mails that are useful to the owner use it up.
 * - Other mails that a stranger can cause (verifications, invitations, confirmations, resets for made-up tags) stop where the rest of the hour
 *   is what resets may still need.
 * - Notices go out until the hour is used up; then they are gathered (mails/gatherNotices.ts).
 *
 * Windows are rolling. A mail is counted when it is queued, in its transaction, under a lock on the rows. The rows are in the
 * database, so counts are exact over several processes and after a crash. Cost: two statements for a mail, and a row for each
 * mailbox of the last hour.
 */
import { createHash } from 'node:crypto'
import type { Config } from '../../config.ts'
import { identifierKey } from '../accounts/identifiers.ts'
import type { Domain, Tx } from '../frame/domain.ts'

export const HOUR = 3_600_000

/** A number of mails within a window, in ms. */
export interface Share {
  readonly key: string
  readonly most: number
  readonly window: number
}

const TAG = /\+[^@]*(?=@)/

const keyOf = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** Mail to an address ends in the same mailbox, whatever the tag. */
const mailboxOf = (address: string): string => identifierKey(address).replace(TAG, '')

/** The part of the hour that is reserved for resets of one address, at most three fifths. */
const forStrangers = ({ LIMIT_MAILS_PER_HOUR: hour, LIMIT_RESET_MAILS: resets, LIMIT_RESET_WINDOW: window }: Config): number =>
  Math.max(1, hour - Math.min(resets * Math.ceil(HOUR / window), Math.floor(hour * 0.6)))

const hourOf = (address: string, most: number): Share => ({ key: keyOf('all', mailboxOf(address)), most, window: HOUR })

const shareOf = ({ config }: Domain, kind: string, whose: string): Share => ({
  key: keyOf(kind, whose),
  most: config.LIMIT_RESET_MAILS,
  window: config.LIMIT_RESET_WINDOW,
})

/** Anybody can make up tags: the unverified ones of a mailbox have one share together. */
const isOwners = (address: string, isVerified: boolean): boolean => isVerified || !TAG.test(address)
const whose = (address: string, isVerified: boolean): string =>
  isOwners(address, isVerified) ? identifierKey(address) : `${mailboxOf(address)} with a tag`

/** The shares that a reset mail counts against. */
export const resetShares = (domain: Domain, address: string, isVerified: boolean): Share[] => [
  shareOf(domain, 'reset', whose(address, isVerified)),
  hourOf(address, isOwners(address, isVerified) ? Number.POSITIVE_INFINITY : forStrangers(domain.config)),
]

/** The shares that a verification of the present address counts against. */
export const verificationShares = (domain: Domain, address: string): Share[] => [
  shareOf(domain, 'verification', whose(address, false)),
  hourOf(address, forStrangers(domain.config)),
]

/** The shares that an invitation counts against. */
export const invitationShares = (domain: Domain, address: string): Share[] => [
  shareOf(domain, 'invitation', whose(address, false)),
  hourOf(address, forStrangers(domain.config)),
]

/** The shares that a confirmation of a new address counts against: an account can write to few mailboxes of others. */
export const confirmationShares = (domain: Domain, address: string, userId: string): Share[] => [
  shareOf(domain, 'confirmation', mailboxOf(address)),
  { key: keyOf('account', userId), most: domain.config.LIMIT_MAILS_PER_HOUR, window: HOUR },
  hourOf(address, forStrangers(domain.config)),
]

/** The shares that a notice or a digest counts against. */
export const noticeShares = (domain: Domain, address: string): Share[] => [hourOf(address, domain.config.LIMIT_MAILS_PER_HOUR)]

interface Row {
  readonly key: string
  readonly sentAt: readonly Date[]
}

/** The mails that still count, oldest first; a time far in the future was written before the clock was set back. */
const recent = ({ key, window }: Share, rows: readonly Row[], now: number): number[] => {
  const times = rows.find((row) => row.key === key)?.sentAt ?? []
  return times.map((time) => time.getTime()).filter((time) => time > now - window && time <= now + window)
}

/** Whether there is room for one more, without a lock. Use it before work that would be in vain. */
export const fitsNow = async ({ db, clock }: Domain, shares: readonly Share[]): Promise<boolean> => {
  const rows = await db.mailShare.findMany({ where: { key: { in: shares.map(({ key }) => key) } } })
  const now = clock.now().getTime()
  return shares.every((share) => recent(share, rows, now).length < share.most)
}

export interface Held {
  /** Whether there is room for one more. */
  readonly fits: boolean
  /** When there is room again, if there is none. */
  readonly freeAt: Date
  /** Counts a mail. */
  take(): Promise<void>
}

/** Locks the rows of shares until the transaction ends. */
export async function holdShares({ clock }: Domain, tx: Tx, shares: readonly Share[]): Promise<Held> {
  const instant = clock.now()
  const now = instant.getTime()
  const keys = shares.map(({ key }) => key)
  const rows = await tx.$queryRaw<Row[]>`
    INSERT INTO mail_shares (key, sent_at, last_at)
    SELECT key, '{}', ${instant}::timestamptz FROM unnest(${keys}::text[]) WITH ORDINALITY AS given (key, place) ORDER BY place
    ON CONFLICT (key) DO UPDATE SET last_at = EXCLUDED.last_at RETURNING key, sent_at AS "sentAt"`
  const used = shares.map((share) => ({ share, times: recent(share, rows, now) }))
  const free = used.map(({ share: { most, window }, times }) => (times.length < most ? now : (times[times.length - most] ?? now) + window))
  return {
    fits: used.every(({ share, times }) => times.length < share.most),
    freeAt: new Date(Math.max(...free)),
    async take() {
      for (const { share, times } of used)
        await tx.mailShare.update({ where: { key: share.key }, data: { sentAt: [...times, now].map((time) => new Date(time)) } })
    },
  }
}

/** Counts a mail, if there is room for it. */
export const takeShares = async (domain: Domain, tx: Tx, shares: readonly Share[]): Promise<boolean> => {
  const held = await holdShares(domain, tx, shares)
  if (held.fits) await held.take()
  return held.fits
}

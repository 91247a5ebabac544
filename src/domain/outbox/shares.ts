/**
 * How many mails a mailbox gets. Each kind has a share of its own, so that what a stranger causes of one kind takes nothing from
 * another, and all kinds together have the hour (LIMIT_MAILS_PER_HOUR):
 *
 * - A reset for an address of the mailbox's owner has the share of that address, LIMIT_RESET_MAILS within LIMIT_RESET_WINDOW, and
 *   needs nothing else: nobody can use it up but by mails that serve the owner as well.
 * - What a stranger can cause beside that (verifications, confirmations, resets for made-up tags) stops where the rest of the
 *   hour is what resets may still need.
 * - Notices go until the hour is full; beyond, they are gathered (mails/gather.ts).
 *
 * Windows roll. Counted when a mail is queued, in its transaction, under the lock of the rows, which live in the database: exact
 * over several processes, and after a crash. Cost: two statements a mail, and a row for each mailbox of the last hour.
 */
import { createHash } from 'node:crypto'
import type { Config } from '../../config.ts'
import { identifierKey } from '../accounts/identifiers.ts'
import type { Domain, Tx } from '../frame/domain.ts'

export const HOUR = 3_600_000

/** So many within a window, in ms. */
export interface Share {
  readonly key: string
  readonly most: number
  readonly window: number
}

const TAG = /\+[^@]*(?=@)/

const keyOf = (...parts: readonly string[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64url')

/** Whatever its tag, mail to an address ends in one mailbox. */
const mailboxOf = (address: string): string => identifierKey(address).replace(TAG, '')

/** Of the hour, what resets of one address may need is left to them, up to three fifths. */
const forStrangers = ({ LIMIT_MAILS_PER_HOUR: hour, LIMIT_RESET_MAILS: resets, LIMIT_RESET_WINDOW: window }: Config): number =>
  Math.max(1, hour - Math.min(resets * Math.ceil(HOUR / window), Math.floor(hour * 0.6)))

const hourOf = (address: string, most: number): Share => ({ key: keyOf('all', mailboxOf(address)), most, window: HOUR })

const shareOf = ({ config }: Domain, kind: string, whose: string): Share => ({
  key: keyOf(kind, whose),
  most: config.LIMIT_RESET_MAILS,
  window: config.LIMIT_RESET_WINDOW,
})

/** Anybody can make up tags: those of a mailbox that were never verified have one share together. */
const isOwners = (address: string, isVerified: boolean): boolean => isVerified || !TAG.test(address)
const whose = (address: string, isVerified: boolean): string =>
  isOwners(address, isVerified) ? identifierKey(address) : `${mailboxOf(address)} with a tag`

/** What a reset mail counts against. */
export const resetShares = (domain: Domain, address: string, isVerified: boolean): Share[] => [
  shareOf(domain, 'reset', whose(address, isVerified)),
  hourOf(address, isOwners(address, isVerified) ? Number.POSITIVE_INFINITY : forStrangers(domain.config)),
]

/** What a verification of an account's own address counts against. */
export const verificationShares = (domain: Domain, address: string): Share[] => [
  shareOf(domain, 'verification', whose(address, false)),
  hourOf(address, forStrangers(domain.config)),
]

/** What a confirmation of a new address counts against: an account can write to few mailboxes that are not its own. */
export const confirmationShares = (domain: Domain, address: string, userId: string): Share[] => [
  shareOf(domain, 'confirmation', mailboxOf(address)),
  { key: keyOf('account', userId), most: domain.config.LIMIT_MAILS_PER_HOUR, window: HOUR },
  hourOf(address, forStrangers(domain.config)),
]

/** What a notice, or what gathers notices, counts against. */
export const noticeShares = (domain: Domain, address: string): Share[] => [hourOf(address, domain.config.LIMIT_MAILS_PER_HOUR)]

interface Row {
  readonly key: string
  readonly sentAt: readonly Date[]
}

/** What still counts, the oldest first; a time far ahead was written before the clock was put back. */
const recent = ({ key, window }: Share, rows: readonly Row[], now: number): number[] => {
  const times = rows.find((row) => row.key === key)?.sentAt ?? []
  return times.map((time) => time.getTime()).filter((time) => time > now - window && time <= now + window)
}

/** Whether there is room for one more; looks and holds nothing. Before work that would be in vain. */
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
  /** Counts one. */
  take(): Promise<void>
}

/** Holds the rows of shares until the transaction ends. */
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

/** Counts one, if there is room for it. */
export const takeShares = async (domain: Domain, tx: Tx, shares: readonly Share[]): Promise<boolean> => {
  const held = await holdShares(domain, tx, shares)
  if (held.fits) await held.take()
  return held.fits
}

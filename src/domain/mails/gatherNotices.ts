/**
 * Notices beyond the hourly limit: they are counted by kind, and one mail lists them when the limit allows (sendDigest.ts). However
 * many there are, each kind of notice, account and address has one row, and all together one entry of the outbox.
 */
import type { Domain, Tx } from '../frame/domain.ts'
import { enqueueOnce } from '../outbox/queue.ts'
import type { NoticeName } from './mailFacts.ts'

/** The account and address whose gathered notices a mail lists. */
export interface Digest {
  readonly userId: string
  readonly address: string
}

/** Whether a digest is already queued, which then includes what comes now. Lock the mailbox's shares first. */
export const isGathering = async (tx: Tx, { userId, address }: Digest): Promise<boolean> =>
  (await tx.gatheredNotice.findFirst({ where: { userId, address }, select: { name: true } })) !== null

/** Counts a notice for a digest that is due at `due`. Lock the mailbox's shares first. */
export async function gather(domain: Domain, tx: Tx, digest: Digest, name: NoticeName, due: Date): Promise<void> {
  const now = domain.clock.now()
  await tx.gatheredNotice.upsert({
    where: { userId_address_name: { ...digest, name } },
    create: { ...digest, name, firstAt: now, lastAt: now },
    update: { times: { increment: 1 }, lastAt: now },
  })
  const expiresAt = new Date(due.getTime() + domain.config.MAIL_LIFE)
  const entry = { kind: 'digest', content: digest, expiresAt } as const
  await enqueueOnce(domain, tx, JSON.stringify(digest), entry, due)
}

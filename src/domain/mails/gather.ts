/**
 * Notices beyond the mails of an hour: counted by kind, and told by one mail when the hour allows (sendDigest.ts). At most one row
 * for each kind of notice, account and address, and one entry of the outbox for them all, however many notices there are.
 */
import type { Domain, Tx } from '../frame/domain.ts'
import { enqueueOnce } from '../outbox/queue.ts'
import type { NoticeName } from './facts.ts'

/** Whose gathered notices a mail tells of. */
export interface Digest {
  readonly userId: string
  readonly address: string
}

/** Whether a mail that gathers is under way; what comes now goes with it. Hold the mailbox's shares. */
export const isGathering = async (tx: Tx, { userId, address }: Digest): Promise<boolean> =>
  (await tx.gatheredNotice.findFirst({ where: { userId, address }, select: { name: true } })) !== null

/** Counts a notice; it is told of from `due` on. Hold the mailbox's shares. */
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

/**
 * The digest: what happened to an account beyond the hourly limit of mails, how often and when. One transaction turns the counted
 * notices into a mail, so that each is sent exactly once.
 */
import { inTransaction } from '../../db/transaction.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { queueMail } from '../outbox/queue.ts'
import { holdShares, noticeShares } from '../outbox/shares.ts'
import type { Digest } from './gatherNotices.ts'
import type { Happening } from './mailFacts.ts'
import { addressee, isNoticeName } from './notices.ts'
import { digest as template } from './templates.ts'

const take = async (tx: Tx, { userId, address }: Digest): Promise<Happening[]> => {
  const rows = await tx.gatheredNotice.findMany({ where: { userId, address }, orderBy: [{ firstAt: 'asc' }, { name: 'asc' }] })
  await tx.gatheredNotice.deleteMany({ where: { userId, address } })
  return rows.flatMap(({ name, times, firstAt, lastAt }) => (isNoticeName(name) ? [{ name, times, firstAt, lastAt }] : []))
}

/** Turns the entry `id` of the outbox into a mail, or says when there is room for one. */
export async function sendDigest(domain: Domain, id: string, digest: Digest): Promise<Date | null> {
  return await inTransaction(domain.db, async (tx) => {
    const held = await holdShares(domain, tx, noticeShares(domain, digest.address))
    if (!held.fits) return held.freeAt
    const { count } = await tx.outboxEntry.deleteMany({ where: { id } })
    const account = await tx.user.findUnique({ where: { id: digest.userId } })
    if (count === 0 || account === null) return null
    const happenings = await take(tx, digest)
    if (happenings.length === 0) return null
    await held.take()
    await queueMail(domain, tx, template({ ...addressee(domain, account, digest.address), happenings }))
    return null
  })
}

/**
 * The way into the outbox. What is queued is part of the transaction that it tells of: a rollback takes it back, a commit
 * wakes the worker. Contents are sealed under their row's id, as mails hold one-time tokens. Cost: one INSERT.
 */
import { afterCommit } from '../../db/transaction.ts'
import { type Domain, later, type Tx } from '../domain.ts'
import { uuid } from '../ids.ts'
import type { Mail } from '../ports.ts'

/** `mail`, or work that ends in one: `password_reset` (passwords/sendReset.ts). */
export type EntryKind = 'mail' | 'password_reset'

const context = (id: string): string => `outbox.sealed:${id}`

/** The content of an entry. @throws {SecretBoxError} if it was sealed with a key that this process does not have */
export const openContent = (domain: Domain, id: string, sealed: string): unknown => JSON.parse(domain.secretBox.open(sealed, context(id)))

/** Puts an entry into the outbox; after `expiresAt` it is of no use any more. */
export async function enqueue(domain: Domain, tx: Tx, kind: EntryKind, content: object, expiresAt: Date): Promise<void> {
  const id = uuid(domain.randomBytes)
  const now = domain.clock.now()
  const sealed = domain.secretBox.seal(JSON.stringify(content), context(id))
  await tx.outboxEntry.create({ data: { id, kind, sealed, createdAt: now, expiresAt, nextAttemptAt: now }, select: { id: true } })
  afterCommit(tx, domain.outbox.wake)
}

/** Queues a mail, which is tried for `life` milliseconds: as long as its link works, or else MAIL_LIFE. */
export const queueMail = async (domain: Domain, tx: Tx, mail: Mail, life = domain.config.MAIL_LIFE): Promise<void> =>
  await enqueue(domain, tx, 'mail', mail, later(domain, life))

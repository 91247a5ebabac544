/**
 * Adds entries to the outbox, in the transaction of the change that they are about: a rollback removes them, and a commit wakes the
 * worker. Contents are encrypted and bound to their row, because mails contain one-time tokens. Cost: one INSERT.
 */
import { createHash } from 'node:crypto'
import { afterCommit } from '../../db/transaction.ts'
import { inSpan } from '../../tracing/spans.ts'
import { uuid } from '../base/ids.ts'
import type { Mail } from '../base/ports.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { clientKey } from './room.ts'

/** `mail`, or work that results in one: `password_reset` (recovery/sendReset.ts), `digest` (mails/sendDigest.ts). */
export type EntryKind = 'mail' | 'password_reset' | 'digest'

/** The maximum length of a content. More is a bug, because every text of a user in a mail has a limit. */
const LONGEST = 48 * 1024

/** The context that the content of an entry is bound to. */
export const entryContext = (id: string): string => `outbox.sealed:${id}`

/** The content of an entry. @throws {SecretBoxError} if it was encrypted with a key that this process does not have */
export const openContent = (domain: Domain, id: string, sealed: string): unknown =>
  JSON.parse(domain.secretBox.open(sealed, entryContext(id)))

const seal = (domain: Domain, id: string, content: object): string => {
  const text = JSON.stringify(content)
  if (text.length > LONGEST) throw new Error('an entry of the outbox is too long')
  return domain.secretBox.seal(text, entryContext(id))
}

export interface Entry {
  readonly kind: EntryKind
  readonly content: object
  /** When the entry becomes useless. */
  readonly expiresAt: Date
  /** The client address of the stranger who may have caused it. */
  readonly clientAddress?: string | undefined
}

/** Adds an entry to the outbox. */
export async function enqueue(domain: Domain, tx: Tx, { kind, content, expiresAt, clientAddress }: Entry): Promise<void> {
  const id = uuid(domain.randomBytes)
  const now = domain.clock.now()
  const client = clientAddress === undefined ? null : clientKey(clientAddress)
  const data = { id, kind, client, sealed: seal(domain, id, content), createdAt: now, expiresAt, nextAttemptAt: now }
  await inSpan(
    { name: 'queue mail', attributes: { 'vestibule.mail_id': id } },
    async () => await tx.outboxEntry.create({ data, select: { id: true } }),
  )
  afterCommit(tx, domain.outbox.wake)
}

/** Queues a mail. Attempts are made for `life` milliseconds: as long as its link works, or else MAIL_LIFE. */
export const queueMail = async (
  domain: Domain,
  tx: Tx,
  mail: Mail,
  life = domain.config.MAIL_LIFE,
  clientAddress?: string,
): Promise<void> => await enqueue(domain, tx, { kind: 'mail', content: mail, expiresAt: later(domain, life), clientAddress })

/** Adds an entry that is due at `due`, unless one with this `name` is already waiting. */
export async function enqueueOnce(domain: Domain, tx: Tx, name: string, { kind, content, expiresAt }: Entry, due: Date): Promise<void> {
  const id = `${kind}:${createHash('sha256').update(name).digest('base64url')}`
  const data = { id, kind, sealed: seal(domain, id, content), createdAt: domain.clock.now(), expiresAt, nextAttemptAt: due }
  await tx.outboxEntry.deleteMany({ where: { id, failedAt: { not: null } } })
  await tx.outboxEntry.createMany({ data: [data], skipDuplicates: true })
  afterCommit(tx, domain.outbox.wake)
}

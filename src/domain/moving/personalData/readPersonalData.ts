/** Reads all there is about one person, section by section, in constant memory. */
import type { Prisma } from '../../../db/generated/client.ts'
import { Failure } from '../../base/errors.ts'
import type { Domain } from '../../frame/domain.ts'
import { SecretBoxError } from '../../keys/secretBox.ts'
import { openContent } from '../../outbox/queue.ts'
import { events, sections } from './sections.ts'

export type Fields = Readonly<Record<string, unknown>>

/** Takes the sections in their order. */
export interface Sink {
  /** A section that is one record; null if there is none. */
  one(name: string, fields: Fields | null): Promise<void>
  beginList(name: string): Promise<void>
  row(fields: Fields): Promise<void>
  endList(): Promise<void>
}

type Parts = Pick<Domain, 'db' | 'secretBox'>

const ask = async ({ db }: { readonly db: Prisma.TransactionClient }, sql: string, ...values: unknown[]): Promise<Fields[]> => {
  const rows = await db.$queryRawUnsafe<{ text: string }[]>(`SELECT row_to_json(row)::text AS text FROM (${sql}) AS row`, ...values)
  return rows.map(({ text }) => JSON.parse(text) as Fields)
}

const OUTBOX = `SELECT id, seq::text AS seq, kind, sealed, created_at AS "createdAt", expires_at AS "expiresAt", next_attempt_at AS "nextAttemptAt"
  FROM outbox WHERE sealed IS NOT NULL AND seq > $1::text::bigint ORDER BY outbox.seq LIMIT 200`

const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value.toLowerCase()]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** Mails that wait; one that was given up has no content any more, and so is nobody's. */
const queuedMails = async (parts: Parts, owner: ReadonlySet<string>, sink: Sink): Promise<void> => {
  let after = '0'
  for (let rows: Fields[] | undefined; rows === undefined || rows.length > 0; ) {
    rows = await ask(parts, OUTBOX, after)
    for (const { id, seq, sealed, ...shown } of rows) {
      after = seq as string
      try {
        const content = openContent(parts as Domain, id as string, sealed as string) as { to?: unknown; subject?: unknown }
        if (!textsIn(content).some((text) => owner.has(text))) continue
        await sink.row({ ...shown, address: content.to ?? null, subject: content.subject ?? null })
      } catch (error) {
        if (!(error instanceof SecretBoxError)) throw error
      }
    }
  }
}

const auditEvents = async (parts: Parts, id: string, sink: Sink): Promise<void> => {
  let after = '0'
  for (let rows: Fields[] | undefined; rows === undefined || rows.length > 0; ) {
    rows = await ask(parts, events, id, after)
    for (const { seq, ...shown } of rows) {
      after = seq as string
      await sink.row(shown)
    }
  }
}

const requireSomething = async (parts: Parts, id: string): Promise<void> => {
  const found = await ask(
    parts,
    'SELECT 1 FROM users WHERE id = $1 UNION ALL SELECT 1 FROM audit_events WHERE user_id = $1 OR actor_id = $1 LIMIT 1',
    id,
  )
  if (found.length === 0) throw new Failure('NOT_FOUND')
}

/** Of a deleted account, only its events are left. @throws {Failure} NOT_FOUND if there is nothing */
export async function readPersonalData(parts: Parts, id: string, sink: Sink): Promise<void> {
  await requireSomething(parts, id)
  const owner = new Set([id.toLowerCase()])
  for (const { name, isList, sql } of sections) {
    const rows = await ask(parts, sql, id)
    if (!isList) {
      const [fields = null] = rows
      for (const address of [fields?.email, fields?.heldEmail]) if (typeof address === 'string') owner.add(address.toLowerCase())
      await sink.one(name, fields)
      continue
    }
    await sink.beginList(name)
    for (const row of rows) await sink.row(row)
    await sink.endList()
  }
  await sink.beginList('queuedMails')
  await queuedMails(parts, owner, sink)
  await sink.endList()
  await sink.beginList('auditEvents')
  await auditEvents(parts, id, sink)
  await sink.endList()
}

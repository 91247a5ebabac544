/** An event as other systems get it, in lines of JSON (docs/audit.md). Fields are added to it, never removed or renamed. */
import type { AuditEvent } from './findEvents.ts'

export interface EventRecord {
  /** The number, as text: it may be larger than JSON's. It grows from event to event. */
  readonly id: string
  /** ISO 8601 in UTC. */
  readonly at: string
  readonly type: string
  readonly outcome: string
  readonly userId: string | null
  readonly actorId: string | null
  readonly surface: string
  readonly requestId: string | null
  readonly details: Readonly<Record<string, string | number | boolean>>
}

export interface WholeEventRecord extends EventRecord {
  readonly clientAddress: string | null
  readonly userAgent: string | null
}

/** Without the address and the program of the client. */
export const eventRecord = ({ seq, at, type, outcome, userId, actorId, surface, requestId, details }: AuditEvent): EventRecord => ({
  id: String(seq),
  at: at.toISOString(),
  type,
  outcome,
  userId,
  actorId,
  surface,
  requestId,
  details: details as EventRecord['details'],
})

export const wholeEventRecord = (event: AuditEvent): WholeEventRecord => ({
  ...eventRecord(event),
  clientAddress: event.clientAddress,
  userAgent: event.userAgent,
})

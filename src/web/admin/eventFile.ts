/**
 * Events as a file: CSV (RFC 4180) for a spreadsheet, NDJSON for a program. A cell that a spreadsheet would take for a formula gets a `'`
 * in front (OWASP, CSV injection).
 */
import type { LoggedEventFragment } from './operations.ts'

export type EventFormat = 'CSV' | 'NDJSON'

const COLUMNS = [
  ...(['id', 'at', 'type', 'outcome', 'surface', 'userId', 'username', 'actorKind', 'actorId', 'actorUsername'] as const),
  ...(['clientAddress', 'userAgent', 'requestId', 'details'] as const),
] as const
type Line = Readonly<Record<(typeof COLUMNS)[number], string | null>>

const detailsOf = ({ details }: LoggedEventFragment): Readonly<Record<string, string>> =>
  Object.fromEntries(details.map(({ key, value }) => [key, value]))

const lineOf = (event: LoggedEventFragment): Line => {
  const { id, at, type, outcome, surface, userId, user, actorKind, actorId, actor, clientAddress, userAgent, requestId } = event
  const details = event.details.length === 0 ? '' : JSON.stringify(detailsOf(event))
  const names = { username: user?.username ?? null, actorUsername: actor?.username ?? null }
  return { id, at, type, outcome, surface, userId, ...names, actorKind, actorId, clientAddress, userAgent, requestId, details }
}

const cell = (text: string | null): string => {
  const safe = /^[=+\-@\t\r]/.test(text ?? '') ? `'${text}` : (text ?? '')
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const csvLine = (cells: readonly (string | null)[]): string => `${cells.map(cell).join(',')}\r\n`

/** A whole event as one line of JSON. */
const jsonLine = (event: LoggedEventFragment): string => `${JSON.stringify({ ...lineOf(event), details: detailsOf(event) })}\n`

interface FileForm {
  readonly type: string
  readonly ending: string
  readonly head: string
  readonly line: (event: LoggedEventFragment) => string
}

export const eventForms: Readonly<Record<EventFormat, FileForm>> = {
  CSV: {
    type: 'text/csv;charset=utf-8',
    ending: 'csv',
    head: csvLine(COLUMNS),
    line: (event) => {
      const line = lineOf(event)
      return csvLine(COLUMNS.map((name) => line[name]))
    },
  },
  NDJSON: { type: 'application/x-ndjson', ending: 'ndjson', head: '', line: jsonLine },
}

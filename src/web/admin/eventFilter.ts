/** Which events the address asks for. Days are those of the person, whole. */
import type { AllAuditEventsQueryVariables, AuditEventType, AuditOutcome, Surface } from './operations.ts'

export const eventFilterNames = ['type', 'outcome', 'surface', 'since', 'until', 'user', 'actor'] as const

export type EventFilter = Pick<AllAuditEventsQueryVariables, 'filter' | 'userId' | 'actorId'>

/** The start of a day `YYYY-MM-DD`, some days later; undefined if it is none. */
const startOf = (day: string | null, later = 0): string | undefined => {
  const [year = Number.NaN, month = Number.NaN, date = Number.NaN] = (day ?? '').split('-').map(Number)
  const start = new Date(year, month - 1, date + later)
  return Number.isNaN(start.getTime()) ? undefined : start.toISOString()
}

export const eventFilterOf = (parameters: URLSearchParams): EventFilter => {
  const given = (name: string) => parameters.get(name) ?? undefined
  const type = given('type') as AuditEventType | undefined
  return {
    filter: {
      types: type === undefined ? null : [type],
      outcome: (given('outcome') as AuditOutcome | undefined) ?? null,
      surface: (given('surface') as Surface | undefined) ?? null,
      since: startOf(parameters.get('since')) ?? null,
      until: startOf(parameters.get('until'), 1) ?? null,
    },
    userId: given('user') ?? null,
    actorId: given('actor') ?? null,
  }
}

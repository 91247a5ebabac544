/** Which uses of the dialects the address asks for. */
import { useState } from 'react'
import { useParameters } from '../routing.ts'
import { firstOf } from './chartData.ts'
import type { DialectUseFilter, DialectUseGrouping } from './operations.ts'

export const groupings: readonly DialectUseGrouping[] = ['DIALECT', 'ROUTE', 'CLIENT']
export const periods: readonly number[] = [7, 30, 90, 365]
export const legacyFilterNames = ['by', 'days', 'dialect', 'client'] as const

export interface LegacyFilter {
  readonly by: DialectUseGrouping
  readonly days: number
  readonly filter: DialectUseFilter
  readonly now: Date
}

export const useLegacyFilter = (): LegacyFilter => {
  const [parameters] = useParameters()
  const [now] = useState(() => new Date())
  const by = groupings.find((grouping) => grouping === parameters.get('by')) ?? 'DIALECT'
  const days = periods.find((period) => String(period) === parameters.get('days')) ?? 30
  const filter = {
    since: new Date(firstOf(days, now)).toISOString(),
    dialect: parameters.get('dialect'),
    client: parameters.get('client'),
  }
  return { by, days, filter, now }
}

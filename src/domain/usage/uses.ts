/**
 * A use of a dialect's route, and the count of equal uses: on one day (UTC), of one route, by one client, with a token of one
 * surface. A count contains neither account nor address.
 */
import type { Surface } from '../base/surfaces.ts'

/** A request to a route of a dialect, after it was answered. */
export interface Use {
  readonly dialect: string
  /** The name of the route, with parameter names instead of their values. */
  readonly route: string
  readonly userAgent: string | null
  /** The surface on which the session of the token began; null if no live session was looked up. */
  readonly tokenSurface: Surface | null
  /** Whether it failed. A request for the second factor is part of a sign-in, not a failure. */
  readonly refused: boolean
  /** Whether its sender has an account: a live session, or a secret that was just accepted. */
  readonly proven: boolean
}

/** The key of a count, and its numbers. An empty text means absent. */
export interface Uses {
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly dialect: string
  readonly route: string
  readonly client: string
  readonly tokenSurface: Surface | ''
  readonly requests: number
  readonly failures: number
  /** Milliseconds since 1970. */
  readonly firstAt: number
  readonly lastAt: number
  /** Whether the sender of any of them has an account. Not stored. */
  readonly proven: boolean
}

const DAY = 86_400_000
let lastDay = { number: 0, text: '1970-01-01' }

/** The day of a time, UTC. The last one is remembered. */
export const dayOf = (at: Date): string => {
  const number = Math.floor(at.getTime() / DAY)
  if (number !== lastDay.number) lastDay = { number, text: at.toISOString().slice(0, 10) }
  return lastDay.text
}

export const keyOf = ({ day, dialect, route, client, tokenSurface }: Uses): string =>
  `${day}\n${dialect}\n${route}\n${client}\n${tokenSurface}`

/** The sum of two counts, with the key of the first. */
export const sumOf = (one: Uses, other: Uses): Uses => ({
  day: one.day,
  dialect: one.dialect,
  route: one.route,
  client: one.client,
  tokenSurface: one.tokenSurface,
  requests: one.requests + other.requests,
  failures: one.failures + other.failures,
  firstAt: Math.min(one.firstAt, other.firstAt),
  lastAt: Math.max(one.lastAt, other.lastAt),
  proven: one.proven || other.proven,
})

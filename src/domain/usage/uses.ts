/**
 * A use of a dialect's route, and the counts of uses that are alike: on one day (UTC), of one route, by one client, with a
 * token of one surface. A count tells neither who it was nor from where.
 */
import type { Surface } from '../base/surfaces.ts'

/** A request to a route of a dialect, once it was answered. */
export interface Use {
  readonly dialect: string
  /** The route's name, with the names of its parameters in the place of their values. */
  readonly route: string
  readonly userAgent: string | null
  /** The surface through which the session of the token was opened; null where no live one was looked up. */
  readonly tokenSurface: Surface | null
  /** It came to something else than its success. To ask for the second factor is part of a sign-in, and no refusal. */
  readonly refused: boolean
  /** Whoever sent it has an account: a live session, or a secret that was just accepted. */
  readonly proven: boolean
}

/** What is counted together, and how much of it there was. Empty texts stand for what is absent. */
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
  /** Whether one of them was. Not stored. */
  readonly proven: boolean
}

/** The day of an instant, UTC. */
export const dayOf = (at: Date): string => at.toISOString().slice(0, 10)

export const keyOf = ({ day, dialect, route, client, tokenSurface }: Uses): string => [day, dialect, route, client, tokenSurface].join('\n')

/** Both together, under the key of the first. */
export const sumOf = (one: Uses, other: Uses): Uses => ({
  ...one,
  requests: one.requests + other.requests,
  failures: one.failures + other.failures,
  firstAt: Math.min(one.firstAt, other.firstAt),
  lastAt: Math.max(one.lastAt, other.lastAt),
  proven: one.proven || other.proven,
})

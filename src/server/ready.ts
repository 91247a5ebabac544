/**
 * Announces that the program serves: the line `ready` of the log, and on a terminal the banner. Both have the same facts, one for programs
 * and one for people.
 */
import type { Log } from '../domain/base/ports.ts'
import { type BannerFacts, banner } from './banner.ts'
import type { Doubt } from './doubts.ts'

/** What a process that serves knows of itself; plain data. */
export interface Ready {
  readonly facts: BannerFacts
  readonly port: number
  readonly database: 'postgresql' | 'pglite'
  /** What only the database could tell about the settings. */
  readonly doubts: readonly Doubt[]
}

const readyFields = ({ localUrl, dialects, database, ...facts }: BannerFacts) => ({
  url: localUrl,
  ...facts,
  dialects: Object.fromEntries(dialects.map(({ name, mounts }) => [name, mounts])),
  storage: database,
})

export const warnOf = (doubts: readonly Doubt[], log: Log): void => {
  for (const { setting, message } of doubts) log.warn({ setting }, `${setting} ${message}`)
}

/** `begun`: when the start began, by `performance.now()`. */
export function announce({ facts, port, database, doubts }: Ready, begun: number, log: Log): void {
  warnOf(doubts, log)
  if (process.stdout.isTTY) process.stdout.write(banner(facts))
  log.info({ ...readyFields(facts), port, database, ms: Math.round(performance.now() - begun) }, 'ready')
}

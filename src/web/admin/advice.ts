/**
 * What to do next about a legacy dialect, from what its clients did and what its clients were told. A pure function: it says what, the
 * texts say it in words.
 *
 * The order of the way out: DEPRECATION tells clients, SUNSET tells them until when, SWITCHED_OFF ends it, and what is not in DIALECTS is
 * gone. Whoever nobody has used for a while can be switched off at once.
 */

export interface DialectState {
  readonly name: string
  readonly deprecatedAt: string | null
  readonly sunsetAt: string | null
  readonly isSwitchedOff: boolean
}

/** A day with requests to the dialect, `YYYY-MM-DD` in UTC. */
export interface UseDay {
  readonly day: string
  readonly requests: number
}

export interface Usage {
  /** Requests within the last QUIET_DAYS. */
  readonly requests: number
  /** The last day with a request; undefined if none is known. */
  readonly lastDay: string | undefined
}

/** A line for the environment of the server. */
export interface Setting {
  readonly name: 'DEPRECATION' | 'SUNSET' | 'SWITCHED_OFF'
  readonly value: string
}

export type Advice =
  /** Switched off, and no client has noticed for a while: take it out of DIALECTS. */
  | { readonly kind: 'remove' }
  /** Switched off, and clients still ask: they get 410. */
  | { readonly kind: 'refused'; readonly usage: Usage }
  /** Nobody uses it: switch it off. */
  | { readonly kind: 'switchOff'; readonly usage: Usage; readonly setting: Setting }
  /** Used, and its clients were told nothing: announce it. */
  | { readonly kind: 'announce'; readonly usage: Usage; readonly setting: Setting }
  /** Used, and deprecated from a day to come on: set a date for its end. */
  | { readonly kind: 'announced'; readonly usage: Usage; readonly date: string; readonly setting: Setting | undefined }
  /** Deprecated and used, without an end: write to its clients, and set a date. */
  | { readonly kind: 'setSunset'; readonly usage: Usage; readonly date: string; readonly setting: Setting }
  /** Deprecated and used, with an end to come: write to its clients. */
  | { readonly kind: 'write'; readonly usage: Usage; readonly date: string; readonly days: number }
  /** The end has passed, and it is still used. */
  | { readonly kind: 'overdue'; readonly usage: Usage; readonly date: string; readonly setting: Setting }

const DAY = 86_400_000
/** Nobody uses what nobody has used for so long. */
export const QUIET_DAYS = 30
/** What clients are given from today to the end, if nothing else is known. */
const NOTICE_DAYS = 180

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

/** @param days of this dialect alone, in any order */
export const usageOf = (days: readonly UseDay[], now: Date): Usage => {
  const first = dayOf(now.getTime() - (QUIET_DAYS - 1) * DAY)
  const used = days.filter(({ requests }) => requests > 0)
  return {
    requests: used.filter(({ day }) => day >= first).reduce((sum, { requests }) => sum + requests, 0),
    lastDay: used
      .map(({ day }) => day)
      .sort()
      .at(-1),
  }
}

/** Adds an entry to what a setting has now. */
const added = (name: Setting['name'], entry: string, present: string): Setting => ({
  name,
  value: present === '' ? entry : `${present},${entry}`,
})

/**
 * @param usage of the dialect
 * @param present the values of DEPRECATION, SUNSET and SWITCHED_OFF, to which one is added
 */
export const adviceFor = (dialect: DialectState, usage: Usage, present: Readonly<Record<Setting['name'], string>>, now: Date): Advice => {
  const { name, deprecatedAt, sunsetAt, isSwitchedOff } = dialect
  const time = now.getTime()
  const isUsed = usage.requests > 0
  if (isSwitchedOff) return isUsed ? { kind: 'refused', usage } : { kind: 'remove' }
  const switchOff = added('SWITCHED_OFF', name, present.SWITCHED_OFF)
  if (!isUsed) return { kind: 'switchOff', usage, setting: switchOff }
  if (sunsetAt !== null) {
    const left = Math.ceil((Date.parse(sunsetAt) - time) / DAY)
    if (left <= 0) return { kind: 'overdue', usage, date: sunsetAt, setting: switchOff }
    if (deprecatedAt === null || Date.parse(deprecatedAt) <= time) return { kind: 'write', usage, date: sunsetAt, days: left }
  }
  if (deprecatedAt === null)
    return { kind: 'announce', usage, setting: added('DEPRECATION', `${name}=${dayOf(time)}`, present.DEPRECATION) }
  const isDeprecated = Date.parse(deprecatedAt) <= time
  const end = Math.max(time, Date.parse(deprecatedAt)) + NOTICE_DAYS * DAY
  const sunset = added('SUNSET', `${name}=${dayOf(end)}`, present.SUNSET)
  if (isDeprecated) return { kind: 'setSunset', usage, date: deprecatedAt, setting: sunset }
  return { kind: 'announced', usage, date: deprecatedAt, setting: sunsetAt === null ? sunset : undefined }
}

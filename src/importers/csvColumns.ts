/** What a column of a CSV can mean, and how its cells are read. */
import { timeOf, truthOf } from './fields.ts'
import type { ImporterOptions } from './importer.ts'

type Kind = 'text' | 'truth' | 'time' | 'truthOrTime' | 'list' | 'hash'

/** The fields of an account (docs/moving/form.md), with `enabled` for the opposite of `disabled`. */
export const columnKinds: Readonly<Record<string, Kind>> = {
  id: 'text',
  username: 'text',
  email: 'text',
  emailVerified: 'truthOrTime',
  name: 'text',
  firstName: 'text',
  lastName: 'text',
  phone: 'text',
  bio: 'text',
  locale: 'text',
  isAdmin: 'truth',
  disabled: 'truth',
  enabled: 'truth',
  scopes: 'list',
  passwordHash: 'hash',
  mustChangePassword: 'truth',
  totpSecret: 'text',
  recoveryCodes: 'list',
  createdAt: 'time',
  updatedAt: 'time',
}

export const dateFormats = ['iso', 'seconds', 'milliseconds', 'dmy', 'mdy'] as const
type DateFormat = (typeof dateFormats)[number]

/** What a cell that is not empty says; null if it says nothing that is known. */
export type Reader = (cell: string) => unknown

/** `31.12.2026`, `31/12/2026 23:59` or `31-12-2026 23:59:59`, in UTC. */
const BY_PARTS = /^(?<one>\d{1,2})[./-](?<two>\d{1,2})[./-](?<year>\d{4})(?:[ T](?<time>\d{1,2}:\d\d(?::\d\d)?))?$/

const byParts = (cell: string, isDayFirst: boolean): number | null => {
  const { one = '', two = '', year, time = '0:00' } = BY_PARTS.exec(cell)?.groups ?? {}
  if (year === undefined) return null
  const [day, month] = isDayFirst ? [Number(one), Number(two)] : [Number(two), Number(one)]
  const [hours = 0, minutes = 0, seconds = 0] = time.split(':').map(Number)
  const moment = new Date(Date.UTC(Number(year), month - 1, day, hours, minutes, seconds))
  const isReal = moment.getUTCMonth() === month - 1 && moment.getUTCDate() === day && hours < 24 && minutes < 60 && seconds < 60
  return isReal ? moment.getTime() : null
}

const numberOr = (cell: string, factor: number): number | null =>
  /^-?\d{1,16}(?:\.\d+)?$/.test(cell) ? Math.round(Number(cell) * factor) : null

const timeReaders: Readonly<Record<DateFormat, (cell: string) => number | null | undefined>> = {
  iso(cell) {
    const time = timeOf(cell)
    return Number.isNaN(time) ? null : time
  },
  seconds: (cell) => numberOr(cell, 1000),
  milliseconds: (cell) => numberOr(cell, 1),
  dmy: (cell) => byParts(cell, true),
  mdy: (cell) => byParts(cell, false),
}

/** With words of one's own for a truth, every other word stands for its opposite. */
const truthReader = (words: string | undefined): ((cell: string) => boolean | null) => {
  const own = (words ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '')
  return (cell) => {
    const word = cell.trim().toLowerCase()
    if (own.includes(word)) return true
    return truthOf(word) ?? (own.length > 0 ? false : null)
  }
}

/** Commas, semicolons or spaces stand between the values of a list. */
const listOf = (cell: string): string[] => cell.split(/[,;\s]+/).filter((value) => value !== '')

export const readerOf = (kind: Kind, options: ImporterOptions): Reader => {
  const time = (cell: string) => timeReaders[dateFormats.find((format) => format === options.dates) ?? 'iso'](cell.trim())
  const truth = truthReader(options.true)
  const readers: Readonly<Record<Kind, Reader>> = {
    text: (cell) => cell.trim(),
    truth,
    time,
    truthOrTime: (cell) => truth(cell) ?? time(cell),
    list: listOf,
    hash: (cell) => cell.trim(),
  }
  return readers[kind]
}

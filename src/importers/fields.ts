/** Fields of exported rows, whose types depend on the database and the form: a truth may be `t`, 1 or true, a time text or a number. */
import { ScureBase32Plugin } from 'otplib'
import * as z from 'zod'
import { Untranslatable } from './fromDocuments.ts'
import { hasTooMany, TOO_MANY } from './sources/document.ts'

/** A text that is not empty; undefined for none. */
export const given = (text: string | null | undefined): string | undefined => (text == null || text.trim() === '' ? undefined : text)

/** A text or a number, as text; undefined for none and for the empty one. */
export const text = z
  .union([z.string(), z.number()], { error: 'must be a text' })
  .nullish()
  .transform((value) => given(value == null ? value : String(value)))

/** The first of these fields that has a text. */
export const textIn = (fields: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined => {
  const value = names.map((name) => fields[name]).find((each) => typeof each === 'string' && each.trim() !== '')
  return typeof value === 'string' ? value : undefined
}

const TRUE = ['true', 't', '1', 'yes', 'y', 'on']
const FALSE = ['false', 'f', '0', 'no', 'n', 'off']

/** What a word in lower case says, as databases write truths; undefined for another word. */
export const truthOf = (word: string): boolean | undefined => (TRUE.includes(word) ? true : FALSE.includes(word) ? false : undefined)

/** A truth, as databases write it; undefined for none. */
export const flag = z
  .union([z.boolean(), z.number(), z.string()], { error: 'must be true or false' })
  .nullish()
  .transform((value, context) => {
    const word = String(value ?? '')
      .trim()
      .toLowerCase()
    if (word === '') return undefined
    const truth = truthOf(word)
    if (truth === undefined) context.addIssue('must be true or false')
    return truth
  })

/** Numbers up to this are seconds, and larger ones milliseconds: 1973 in these, and the year 5138 in those. */
const MOST_SECONDS = 1e11
const PLAIN_NUMBER = /^\d{1,16}(?:\.\d+)?$/
/** `2026-01-31 12:00:00.5+02`, as PostgreSQL writes it, and what ISO 8601 allows. Without a zone it is UTC. */
const WRITTEN = /^(?<day>\d{4,6}-\d\d-\d\d)(?:[T ](?<time>\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?(?<zone>Z|UTC|[+-]\d\d(?::?\d\d)?)?)?$/
/** MySQL's way to write that there is none. */
const NO_TIME = /^0000-00-00/

const zoneOf = (zone: string | undefined): string => {
  if (zone === undefined || zone === 'Z' || zone === 'UTC') return 'Z'
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0')
  return `${zone.slice(0, 1)}${digits.slice(0, 2)}:${digits.slice(2)}`
}

/** Milliseconds since 1970; NaN for what is not a time; undefined for none. */
export const timeOf = (value: string | number | null | undefined): number | undefined => {
  const word = String(value ?? '').trim()
  if (word === '' || NO_TIME.test(word)) return undefined
  if (PLAIN_NUMBER.test(word)) return Math.round(Number(word) <= MOST_SECONDS ? Number(word) * 1000 : Number(word))
  const { day, time = '00:00', zone } = WRITTEN.exec(word)?.groups ?? {}
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zoneOf(zone)}`)
}

/** A time, as databases and JSON write it, in milliseconds since 1970; undefined for none. */
export const time = z
  .union([z.string(), z.number()], { error: 'must be a time' })
  .nullish()
  .transform((value, context) => {
    const found = timeOf(value)
    if (Number.isNaN(found)) context.addIssue('must be a time')
    return found
  })

const parsed = (text: string): unknown => {
  const value: unknown = JSON.parse(text)
  if (hasTooMany(value)) throw new Untranslatable(`a field ${TOO_MANY}`)
  return value
}

/** JSON, or its text in a column of a table. */
export const json = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (typeof value === 'string' ? (value.trim() === '' ? undefined : parsed(value)) : value), schema)

/** An object, or the text of one, whose values are not looked at before they are needed. */
export const object = json(z.record(z.string(), z.unknown()).nullish()).transform((value) => value ?? {})

/** Rows of another table that belong to the row: a list, or the text of one. */
export const rows = <S extends z.ZodType>(schema: S) => json(z.array(schema).nullish()).transform((value) => value ?? [])

/** The base32 of bytes, as authenticator apps take it. */
export const base32Of = (bytes: Uint8Array): string => new ScureBase32Plugin().encode(bytes, { padding: false })

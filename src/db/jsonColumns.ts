/**
 * Rows as one column of JSON: the driver then reads one value, and describes one column, whatever the number of columns. PostgreSQL writes
 * times as ISO 8601 there (UTC), and arrays as arrays.
 */
type Json = unknown

export const asText = (value: Json): string => value as string
export const asNullableText = (value: Json): string | null => value as string | null
export const asNumber = (value: Json): number => value as number
export const asNullableNumber = (value: Json): number | null => value as number | null
export const asBoolean = (value: Json): boolean => value as boolean
export const asTextArray = (value: Json): string[] => value as string[]
/** Of a column that was selected as text, because JSON's numbers are not exact. */
export const asBigInt = (value: Json): bigint => BigInt(value as string)

/** One day within four-digit years, as `readableDates.ts` reads them. */
const FIRST = '0001-01-02T00:00:00Z'
const LAST = '9999-12-30T00:00:00Z'
const IRREGULAR = /^(?!\d{4}-)|BC$/

/** A time; one that is not within four-digit years is the nearest that is. */
export const asDate = (value: Json): Date => {
  const text = value as string
  if (!IRREGULAR.test(text)) return new Date(text)
  return new Date(text === '-infinity' || text.endsWith('BC') ? FIRST : LAST)
}
export const asNullableDate = (value: Json): Date | null => (value === null ? null : asDate(value))

/** The name of a column, and how its JSON is read. */
export type JsonColumn<Value> = readonly [name: string, read: (value: Json) => Value]
/** The columns of a row, by the fields of what it becomes. */
export type JsonColumns<Row> = { readonly [Name in keyof Row]-?: JsonColumn<Row[Name]> }

/** The columns as they are selected, of the table with this alias. */
export const selectedColumns = (alias: string, columns: Readonly<Record<string, JsonColumn<unknown>>>): string =>
  Object.values(columns)
    .map(([name]) => `${alias}.${name}`)
    .join(', ')

export type JsonRow = readonly Json[]

/** Reads a row whose columns stand in an array, from `start` on. */
export const rowReader = <Row>(columns: JsonColumns<Row>, start = 0): ((row: JsonRow) => Row) => {
  const fields = Object.entries<JsonColumn<unknown>>(columns).map(([name, [, read]], index) => ({ name, read, at: start + index }))
  return (row) => {
    const result: Record<string, unknown> = {}
    for (const { name, read, at } of fields) result[name] = read(row[at])
    return result as Row
  }
}

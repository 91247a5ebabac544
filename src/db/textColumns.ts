/** Reads columns that a statement selects as `text`, in the form that PostgreSQL and PGlite give them (DateStyle ISO, UTC). */

type Text = string | null

export const asText = (text: Text): string => text as string
export const asNullableText = (text: Text): string | null => text
export const asNumber = (text: Text): number => Number(text)
export const asNullableNumber = (text: Text): number | null => (text === null ? null : Number(text))
export const asBigInt = (text: Text): bigint => BigInt(text as string)
export const asBoolean = (text: Text): boolean => text === 'true'

const REGULAR = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,3})?\+00$/
/** One day within four-digit years, as `readableDates.ts` reads them. */
const FIRST = '0001-01-02T00:00:00Z'
const LAST = '9999-12-30T00:00:00Z'

/** A time; one that `Date` cannot hold in four-digit years is the nearest that it can. */
export const asDate = (text: Text): Date => {
  const written = text as string
  if (REGULAR.test(written)) return new Date(`${written.slice(0, 10)}T${written.slice(11, -3)}Z`)
  return new Date(/^-infinity$|BC$/.test(written) ? FIRST : LAST)
}
export const asNullableDate = (text: Text): Date | null => (text === null ? null : asDate(text))

/** An array of texts: `{users:read,"with , or \\" in it"}`; it has one dimension and no nulls. */
export const asTextArray = (text: Text): string[] => {
  const items = (text as string).slice(1, -1)
  if (items === '') return []
  return [...items.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map(
    ([, quoted, plain]) => quoted?.replace(/\\(.)/gs, '$1') ?? (plain as string),
  )
}

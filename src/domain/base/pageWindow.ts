/**
 * Pages of a list: at most a number of items after or before a place (a keyset, so each page costs the same), or, for the dialects that
 * count, after a number of items. Each list defines its places.
 */

/** A place in an order: the value of the sort field, and the number that breaks ties. */
export interface Place {
  readonly value: string
  readonly seq: bigint
}

/** A page of a list: at most `limit` items between two places. */
export interface PageWindow {
  /** From the end of the range towards its start. */
  readonly backwards: boolean
  readonly limit: number
  readonly after?: Place | undefined
  readonly before?: Place | undefined
  /** How many items to leave out first; only a dialect may ask for it. */
  readonly skip?: number | undefined
}

export interface FilteredPage<Filter> extends PageWindow {
  readonly filter: Filter
}

/** The most items of a page: what clients of the schema may ask for, and what the dialects read at once. */
export const MAX_PAGE = 500
export const MAX_DIALECT_PAGE = 1_000

const SKIPPING = /^skip:(\d{1,18})$/

/** A cursor after the first `count` items, for the dialects; whatever they ask for, it stays a number that a database has. */
export const cursorAfter = (count: number): string => `skip:${Math.min(count, Number.MAX_SAFE_INTEGER)}`

/** How many items such a cursor skips; undefined for every other cursor. */
export const skippedBy = (cursor: string): number | undefined => {
  const count = SKIPPING.exec(cursor)?.[1]
  return count === undefined ? undefined : Number(count)
}

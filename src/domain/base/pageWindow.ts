/**
 * Keyset pages of a list: at most a number of items after or before a place. There are no offsets, so each page costs the same.
 * Each list defines its places.
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
}

export interface FilteredPage<Filter> extends PageWindow {
  readonly filter: Filter
}

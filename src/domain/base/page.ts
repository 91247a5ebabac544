/**
 * Pages of a list by keyset: at most so many items beyond a place, or before one, never by offset, so that a page costs the same
 * wherever it stands. What an order's places are, each list says itself.
 */

/** A place in an order: the value of its field, and the number that breaks ties. */
export interface Place {
  readonly value: string
  readonly seq: bigint
}

/** What a page asks of its list: at most `limit` items between two places. */
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

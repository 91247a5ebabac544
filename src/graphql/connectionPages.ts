/**
 * Keyset pages of a list (Relay): at most MAX_PAGE items from one end, between two cursors. Wrong arguments are an `InputError` that
 * names the argument.
 */
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import { fieldFailure } from '../domain/base/errors.ts'
import type { PageWindow, Place } from '../domain/base/pageWindow.ts'
import { decodePlace, encodePlace } from './cursors.ts'
import { asErrorValue } from './errorTypes.ts'

export const DEFAULT_PAGE = 50
export const MAX_PAGE = 500

interface PageArguments {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
  readonly after?: string | null | undefined
  readonly before?: string | null | undefined
}

export interface PagedList<Item> {
  /** The name of the order; cursors contain it. */
  readonly order: string
  readonly placeOf: (item: Item) => Place
  readonly load: (window: PageWindow) => Promise<Item[]>
}

const invalid = (field: keyof PageArguments, message: string): unknown => asErrorValue(fieldFailure('INVALID_INPUT', field, message))

const checkSize = (field: 'first' | 'last', size: number | null | undefined): void => {
  if (size != null && (size < 0 || size > MAX_PAGE)) throw invalid(field, `must be 0 to ${MAX_PAGE}`)
}

/** An empty page has no cursors. */
const withoutPlaces = <Info extends object>(pageInfo: Info) => ({ ...pageInfo, startCursor: null, endCursor: null })

/** The page that the arguments ask for. @throws InputError */
export const pageOf = async <Item extends object>(args: PageArguments, { order, placeOf, load }: PagedList<Item>) => {
  checkSize('first', args.first)
  checkSize('last', args.last)
  if (args.first != null && args.last != null) throw invalid('last', 'must not be given together with first')
  const place = (field: 'after' | 'before', cursor: string | undefined) =>
    cursor === undefined ? undefined : decodePlace(field, cursor, order)
  const connection = await resolveCursorConnection<Promise<Item[]>>(
    { args, defaultSize: DEFAULT_PAGE, maxSize: MAX_PAGE, toCursor: (item: Item) => encodePlace(order, placeOf(item)) },
    async ({ before, after, limit, inverted }: ResolveCursorConnectionArgs): Promise<Item[]> =>
      await load({ backwards: inverted, limit, after: place('after', after), before: place('before', before) }),
  )
  return connection.edges.length > 0 ? connection : { ...connection, pageInfo: withoutPlaces(connection.pageInfo) }
}

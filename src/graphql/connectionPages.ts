/**
 * Keyset pages of a list (Relay): at most MAX_PAGE items from one end, between two cursors. Wrong arguments are an `InputError` that
 * names the argument.
 */
import { type ResolveCursorConnectionArgs, resolveCursorConnection } from '@pothos/plugin-relay'
import { fieldFailure } from '../domain/base/errors.ts'
import { MAX_DIALECT_PAGE, MAX_PAGE, type PageWindow, type Place, skippedBy } from '../domain/base/pageWindow.ts'
import type { Caller } from '../domain/frame/caller.ts'
import { decodePlace, encodePlace } from './cursors.ts'
import { asErrorValue } from './errorTypes.ts'

export const DEFAULT_PAGE = 50

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

const checkSize = (field: 'first' | 'last', size: number | null | undefined, maxSize: number): void => {
  if (size != null && (size < 0 || size > maxSize)) throw invalid(field, `must be 0 to ${maxSize}`)
}

/** An item in a page. Its cursor is made when it is read: many documents ask for no cursor but the last. */
const edgeOf = <Item>(node: Item, cursorOf: (item: Item) => string) => ({
  node,
  get cursor(): string {
    return cursorOf(node)
  },
})

/** The page that the arguments ask for. A dialect reads larger pages, and may skip a number of items (`cursorAfter`). @throws InputError */
export const pageOf = async <Item extends object>(
  { surface }: Pick<Caller, 'surface'>,
  args: PageArguments,
  { order, placeOf, load }: PagedList<Item>,
) => {
  const isForDialect = surface !== 'graphql'
  const maxSize = isForDialect ? MAX_DIALECT_PAGE : MAX_PAGE
  checkSize('first', args.first, maxSize)
  checkSize('last', args.last, maxSize)
  if (args.first != null && args.last != null) throw invalid('last', 'must not be given together with first')
  const skip = isForDialect ? skippedBy(args.after ?? '') : undefined
  const place = (field: 'after' | 'before', cursor: string | undefined) =>
    cursor === undefined || (field === 'after' && skip !== undefined) ? undefined : decodePlace(field, cursor, order)
  const { edges: found, pageInfo } = await resolveCursorConnection<Promise<Item[]>>(
    { args, defaultSize: DEFAULT_PAGE, maxSize, toCursor: () => '' },
    async ({ before, after, limit, inverted }: ResolveCursorConnectionArgs): Promise<Item[]> =>
      await load({ backwards: inverted, limit, after: place('after', after), before: place('before', before), skip }),
  )
  const edges = found.map(({ node }) => edgeOf(node, (item: Item) => encodePlace(order, placeOf(item))))
  // An empty page has no cursors.
  return { edges, pageInfo: { ...pageInfo, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null } }
}

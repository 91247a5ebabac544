/**
 * Pages of a list by the cursors of its items, so that a page begins where the last one ended, whatever was added or removed meanwhile.
 * The place in the list is part of the address: back and forward work, and so does a link to it.
 */
import { Button } from 'react-aria-components'
import { useTextsOf } from '../locale.tsx'
import { useParameters } from '../routing.ts'

const texts = {
  en: { pages: 'Pages', newer: 'Previous page', older: 'Next page', first: 'First page' },
  ar: { pages: 'الصفحات', newer: 'الصفحة السابقة', older: 'الصفحة التالية', first: 'الصفحة الأولى' },
}

export interface PageVariables {
  readonly first?: number
  readonly after?: string
  readonly last?: number
  readonly before?: string
}

/** The variables of the page that the address names. */
export const usePageVariables = (size: number): PageVariables => {
  const [parameters] = useParameters()
  const before = parameters.get('before')
  const after = parameters.get('after')
  if (before !== null) return { last: size, before }
  return after === null ? { first: size } : { first: size, after }
}

interface PageInfo {
  readonly hasNextPage: boolean
  readonly hasPreviousPage: boolean
  readonly startCursor: string | null
  readonly endCursor: string | null
}

export const Pager = ({ pageInfo }: { readonly pageInfo: PageInfo }) => {
  const own = useTextsOf(texts)
  const [parameters, change] = useParameters()
  const isFirst = parameters.get('after') === null && parameters.get('before') === null
  // Backwards, whether there are more is said by `hasPreviousPage`; forwards there are some unless this is the first page.
  const hasNewer = !isFirst && (parameters.get('before') === null || pageInfo.hasPreviousPage)
  if (isFirst && !pageInfo.hasNextPage) return null
  return (
    <nav className="actions" aria-label={own.pages}>
      {!isFirst && (
        <Button className="button" onPress={() => change({ after: null, before: null })}>
          {own.first}
        </Button>
      )}
      {hasNewer && (
        <Button className="button" onPress={() => change({ before: pageInfo.startCursor, after: null })}>
          {own.newer}
        </Button>
      )}
      {pageInfo.hasNextPage && (
        <Button className="button" onPress={() => change({ after: pageInfo.endCursor, before: null })}>
          {own.older}
        </Button>
      )}
    </nav>
  )
}

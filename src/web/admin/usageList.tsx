/** Who is left: the clients with what they called and when, page by page. */
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTextsOf } from '../locale.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { Pager, usePageVariables } from '../parts/pager.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { type DialectUseFilter, UsesDocument } from './operations.ts'
import { legacyTexts } from './textsLegacy.ts'
import { useGroupName } from './usageOverTime.tsx'

const SIZE = 50

export const UsageList = ({ filter }: { readonly filter: DialectUseFilter }) => {
  const texts = useTextsOf(legacyTexts)
  const { surfaces } = useTextsOf(auditTexts)
  const formats = useFormats()
  const clientName = useGroupName('CLIENT')
  const read = useRead(UsesDocument, { ...usePageVariables(SIZE), filter })
  const page = read.data?.dialectUses
  return (
    <section aria-labelledby="uses">
      <h2 id="uses">{texts.list}</h2>
      <p>{texts.listPrompt}</p>
      <Reading read={read} />
      {page?.edges.length === 0 && <p>{texts.noUses}</p>}
      {page != null && (
        <>
          {page.edges.length > 0 && (
            <DataTable
              label={texts.list}
              rows={page.edges.map(({ node }) => node)}
              keyOf={({ id }) => id}
              columns={[
                {
                  key: 'client',
                  title: texts.groupings.CLIENT,
                  size: 'large',
                  cell: ({ client }) => <bdi>{clientName(client ?? '')}</bdi>,
                },
                {
                  key: 'route',
                  title: texts.route,
                  size: 'large',
                  cell: ({ route, dialect }) => (
                    <>
                      <code dir="ltr">{route}</code>
                      <div className="soft">
                        <bdi>{dialect}</bdi>
                      </div>
                    </>
                  ),
                },
                {
                  key: 'token',
                  title: texts.token,
                  cell: ({ tokenSurface }) => (tokenSurface === null ? texts.noSession : surfaces[tokenSurface]),
                },
                { key: 'requests', title: texts.requests, isNumber: true, cell: ({ requests }) => formats.number(requests) },
                { key: 'failures', title: texts.failures, isNumber: true, cell: ({ failures }) => formats.number(failures) },
                { key: 'first', title: texts.first, cell: ({ firstAt }) => formats.time(firstAt) },
                { key: 'last', title: texts.last, cell: ({ lastAt }) => formats.time(lastAt) },
              ]}
            />
          )}
          <Pager pageInfo={page.pageInfo} />
        </>
      )}
    </section>
  )
}

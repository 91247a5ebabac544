/** /account/audit-log: what happened to the account. */
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTexts, useTextsOf } from '../locale.tsx'
import { Choice } from '../parts/choice.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { deviceOf } from '../parts/device.ts'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { Pager, usePageVariables } from '../parts/pager.tsx'
import { useRead } from '../read.ts'
import { useParameters } from '../routing.ts'
import { AuditLogDocument } from './operations.ts'
import { accountTexts } from './texts.ts'

const SIZE = 25

export const AuditLogPage = () => {
  const texts = useTextsOf(accountTexts).auditLog
  const { events, surfaces, failed } = useTextsOf(auditTexts)
  const { wait } = useTexts()
  const formats = useFormats()
  usePage(texts.title)
  const [parameters, change] = useParameters()
  const shown = parameters.get('show') ?? ''
  const filter = shown === 'failures' ? { outcome: 'FAILURE' as const } : null
  const { data, problem, again } = useRead(AuditLogDocument, { ...usePageVariables(SIZE), filter })
  const page = data?.me?.auditEvents
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      <div className="filters">
        <Choice
          label={texts.filter}
          value={shown}
          onChange={(value) => change({ show: value, after: null, before: null })}
          options={[
            { value: '', label: texts.all },
            { value: 'failures', label: texts.failures },
          ]}
        />
      </div>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={again} />}
      {page == null && problem === undefined && <Notice kind="info">{wait}</Notice>}
      {page?.edges.length === 0 && <p>{texts.none}</p>}
      {page != null && page.edges.length > 0 && (
        <>
          <DataTable
            label={texts.title}
            rows={page.edges.map(({ node }) => node)}
            keyOf={({ id }) => id}
            columns={[
              { key: 'when', title: texts.when, cell: ({ at }) => formats.time(at) },
              {
                key: 'what',
                title: texts.what,
                cell: ({ type, outcome }) => (
                  <>
                    {events[type]} {outcome === 'FAILURE' && <span className="tag bad">{failed}</span>}
                  </>
                ),
              },
              {
                key: 'where',
                title: texts.where,
                cell: ({ surface, clientAddress, userAgent }) => (
                  <>
                    {surfaces[surface]}
                    <div className="soft">
                      <bdi>{[deviceOf(userAgent), clientAddress].filter((part) => part != null).join(' · ')}</bdi>
                    </div>
                  </>
                ),
              },
              { key: 'by', title: texts.by, cell: ({ actorKind }) => texts.actors[actorKind] },
            ]}
          />
          <Pager pageInfo={page.pageInfo} />
        </>
      )}
    </>
  )
}

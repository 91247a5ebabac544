/** Events of the audit log as a table. */
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTextsOf } from '../locale.tsx'
import { type Column, DataTable } from '../parts/dataTable.tsx'
import { deviceOf } from '../parts/device.ts'
import { PageLink } from '../parts/page.tsx'
import type { LoggedEventFragment } from './operations.ts'
import { serverTexts } from './textsServer.ts'
import { pathOfUser } from './userTable.tsx'

const Account = ({ id, name }: { readonly id: string; readonly name: string | undefined }) => (
  <PageLink to={pathOfUser(id)}>
    <bdi>{name ?? id}</bdi>
  </PageLink>
)

const What = ({ event: { type, outcome, details, requestId } }: { readonly event: LoggedEventFragment }) => {
  const { events, failed } = useTextsOf(auditTexts)
  const texts = useTextsOf(serverTexts).audit
  const lines = details.map(({ key, value }) => [texts.details[key], value] as const)
  const all = requestId === null ? lines : [...lines, [texts.request, requestId] as const]
  return (
    <>
      {events[type]} {outcome === 'FAILURE' && <span className="tag bad">{failed}</span>}
      {all.length > 0 && (
        <details>
          <summary>{texts.more}</summary>
          {all.map(([name, value]) => (
            <div key={name} className="soft">
              {name}: <bdi>{value}</bdi>
            </div>
          ))}
        </details>
      )}
    </>
  )
}

const Where = ({ event: { surface, userAgent, clientAddress } }: { readonly event: LoggedEventFragment }) => {
  const { surfaces } = useTextsOf(auditTexts)
  return (
    <>
      {surfaces[surface]}
      <div className="soft">
        <bdi>{[deviceOf(userAgent), clientAddress].filter((part) => part != null).join(' · ')}</bdi>
      </div>
    </>
  )
}

interface TableProps {
  readonly label: string
  readonly events: readonly LoggedEventFragment[]
  /** Whether all are about one account. */
  readonly isOfOne?: boolean
}

export const EventTable = ({ label, events, isOfOne = false }: TableProps) => {
  const texts = useTextsOf(serverTexts).audit
  const formats = useFormats()
  const account: Column<LoggedEventFragment> = {
    key: 'account',
    title: texts.account,
    size: 'large',
    cell: ({ userId, user }) => (userId === null ? texts.noAccount : <Account id={userId} name={user?.username} />),
  }
  return (
    <DataTable
      label={label}
      rows={events}
      keyOf={({ id }) => id}
      columns={[
        { key: 'when', title: texts.when, cell: ({ at }) => formats.time(at) },
        { key: 'what', title: texts.what, cell: (event) => <What event={event} /> },
        ...(isOfOne ? [] : [account]),
        {
          key: 'by',
          title: texts.by,
          cell: ({ actorKind, actorId, actor }) =>
            actorId === null || actorKind === 'OWNER' ? texts.actors[actorKind] : <Account id={actorId} name={actor?.username} />,
        },
        { key: 'where', title: texts.where, cell: (event) => <Where event={event} /> },
      ]}
    />
  )
}

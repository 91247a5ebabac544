/** The newest events of an account, deleted or not, and the way to all of them. */
import { useEffect } from 'react'
import { useTextsOf } from '../locale.tsx'
import { PageLink } from '../parts/page.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { EventTable } from './eventTable.tsx'
import { AllAuditEventsDocument } from './operations.ts'
import { userTexts } from './textsUser.ts'

const SIZE = 10

/** `changes`: read again when it changes. */
export const UserEvents = ({ id, changes }: { readonly id: string; readonly changes: number }) => {
  const texts = useTextsOf(userTexts)
  const read = useRead(AllAuditEventsDocument, { first: SIZE, userId: id })
  const { again } = read
  useEffect(() => {
    if (changes > 0) again()
  }, [changes, again])
  const events = read.data?.auditEvents?.edges.map(({ node }) => node)
  return (
    <section className="card" aria-labelledby="events">
      <h2 id="events">{texts.events}</h2>
      <Reading read={read} />
      {events?.length === 0 && <p>{texts.noEvents}</p>}
      {events !== undefined && events.length > 0 && <EventTable label={texts.events} events={events} isOfOne />}
      <p>
        <PageLink to={`/admin/audit-log?user=${encodeURIComponent(id)}`}>{texts.allEvents}</PageLink>
      </p>
    </section>
  )
}

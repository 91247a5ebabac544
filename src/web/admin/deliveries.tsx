/** The deliveries of a webhook, and how to send some of them again. */
import { useState } from 'react'
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTextsOf } from '../locale.tsx'
import { Choice } from '../parts/choice.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { FilterForm } from '../parts/filterForm.tsx'
import { Pager, usePageVariables } from '../parts/pager.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { useParameters } from '../routing.ts'
import { Deed } from './deed.tsx'
import {
  DeliveryAttemptsDocument,
  RedeliverWebhookDocument,
  WebhookDeliveriesDocument,
  type WebhookDeliveriesQuery,
  type WebhookDeliveryState,
} from './operations.ts'
import { webhookTexts } from './textsWebhooks.ts'

const SIZE = 25
const STATES: readonly WebhookDeliveryState[] = ['PENDING', 'DELIVERED', 'DEAD']

type Delivery = NonNullable<WebhookDeliveriesQuery['webhookDeliveries']>['edges'][number]['node']

interface Attempt {
  readonly at: string
  readonly status: number | null
  readonly reason: string | null
  readonly milliseconds: number
}

/** Read when it is opened. */
const Log = ({ id }: { readonly id: string }) => {
  const texts = useTextsOf(webhookTexts)
  const formats = useFormats()
  const read = useRead(DeliveryAttemptsDocument, { id })
  const node = read.data?.node as { readonly log?: readonly Attempt[] } | null | undefined
  return (
    <>
      <Reading read={read} />
      {node?.log?.map(({ at, status, reason, milliseconds }) => (
        <div key={at} className="soft">
          {texts.attempt(formats.time(at), status === null ? (reason ?? texts.noAnswer) : String(status), milliseconds)}
        </div>
      ))}
    </>
  )
}

const State = ({ delivery: { id, state, attempts } }: { readonly delivery: Delivery }) => {
  const texts = useTextsOf(webhookTexts)
  const [isOpen, setOpen] = useState(false)
  const tag = { DEAD: 'tag bad', DELIVERED: 'tag good', PENDING: 'tag' }[state]
  return (
    <>
      <span className={tag}>{texts.states[state]}</span>
      {attempts > 0 && (
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{texts.log}</summary>
          {isOpen && <Log id={id} />}
        </details>
      )}
    </>
  )
}

interface TableProps {
  readonly id: string
  readonly deliveries: readonly Delivery[]
  readonly onAgain: (queued: number) => void
}

const DeliveryTable = ({ id, deliveries, onAgain }: TableProps) => {
  const texts = useTextsOf(webhookTexts)
  const { events } = useTextsOf(auditTexts)
  const formats = useFormats()
  const nameOf = ({ event }: Delivery) => (event === null ? texts.unknownEvent : events[event.type])
  return (
    <DataTable
      label={texts.deliveries}
      rows={deliveries}
      keyOf={(delivery) => delivery.id}
      columns={[
        { key: 'event', title: texts.event, cell: nameOf },
        { key: 'state', title: texts.state, cell: (delivery) => <State delivery={delivery} /> },
        { key: 'attempts', title: texts.attempts, isNumber: true, cell: ({ attempts }) => formats.number(attempts) },
        { key: 'queued', title: texts.queued, cell: ({ createdAt }) => formats.time(createdAt) },
        { key: 'next', title: texts.next, cell: ({ nextAttemptAt }) => (nextAttemptAt === null ? '–' : formats.time(nextAttemptAt)) },
        { key: 'ended', title: texts.ended, cell: ({ endedAt }) => (endedAt === null ? '–' : formats.time(endedAt)) },
        {
          key: 'again',
          title: texts.again,
          label: '',
          cell: (delivery) =>
            delivery.endedAt !== null && (
              <Deed
                document={RedeliverWebhookDocument}
                variables={{ input: { id, eventIds: [delivery.eventId] } }}
                label={texts.again}
                fullLabel={texts.againLabel(nameOf(delivery))}
                question={texts.againQuestion}
                isDangerous={false}
                onDone={(result) => result.__typename === 'RedeliverWebhookSuccess' && onAgain(result.queued)}
              />
            ),
        },
      ]}
    />
  )
}

export const Deliveries = ({ id, onDone }: { readonly id: string; readonly onDone: (text: string) => void }) => {
  const texts = useTextsOf(webhookTexts)
  const [parameters] = useParameters()
  const state = STATES.find((one) => one === parameters.get('state')) ?? null
  const read = useRead(WebhookDeliveriesDocument, { id, state, ...usePageVariables(SIZE) })
  const page = read.data?.webhookDeliveries
  const onAgain = (queued: number) => {
    onDone(texts.queuedAgain(queued))
    read.again()
  }
  return (
    <section aria-labelledby="deliveries">
      <h2 id="deliveries">{texts.deliveries}</h2>
      <FilterForm label={texts.filters} names={['state']}>
        <Choice
          name="state"
          label={texts.state}
          defaultValue={state ?? ''}
          options={[{ value: '', label: texts.all }, ...STATES.map((value) => ({ value, label: texts.states[value] }))]}
        />
      </FilterForm>
      <Reading read={read} />
      {page?.edges.length === 0 && <p>{texts.noDeliveries}</p>}
      {page != null && page.edges.length > 0 && <DeliveryTable id={id} deliveries={page.edges.map(({ node }) => node)} onAgain={onAgain} />}
      {page != null && <Pager pageInfo={page.pageInfo} />}
      <Deed
        document={RedeliverWebhookDocument}
        variables={{ input: { id } }}
        label={texts.againAll}
        question={texts.againAllQuestion}
        isDangerous={false}
        onDone={(result) => result.__typename === 'RedeliverWebhookSuccess' && onAgain(result.queued)}
      />
    </section>
  )
}

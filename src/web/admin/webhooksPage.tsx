/** /admin/webhooks: where events are sent, and a new webhook. */
import { useState } from 'react'
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useLocale, useTextsOf } from '../locale.tsx'
import { Check } from '../parts/check.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { ChangeForm, Field } from '../parts/form.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { Pager, usePageVariables } from '../parts/pager.tsx'
import { Reading } from '../parts/reading.tsx'
import { SecretShown } from '../parts/secretShown.tsx'
import { useChange } from '../proof.tsx'
import { useRead } from '../read.ts'
import { type AuditEventType, CreateWebhookDocument, type WebhookFactsFragment, WebhooksDocument } from './operations.ts'
import { webhookTexts } from './textsWebhooks.ts'

const SIZE = 50

export const pathOfWebhook = (id: string): string => `/admin/webhooks/${encodeURIComponent(id)}`

export const WebhookState = ({ webhook }: { readonly webhook: WebhookFactsFragment }) => {
  const texts = useTextsOf(webhookTexts)
  const formats = useFormats()
  const { disabledReason, failingSince } = webhook
  return (
    <>
      {disabledReason === null ? <span className="tag good">{texts.enabled}</span> : <span>{texts.reasons[disabledReason]}</span>}
      {failingSince !== null && <div className="soft">{texts.failingSince(formats.time(failingSince))}</div>}
    </>
  )
}

/** The types of events by their names. */
const Types = () => {
  const texts = useTextsOf(webhookTexts)
  const { events } = useTextsOf(auditTexts)
  const { locale } = useLocale()
  const types = Object.entries(events).sort(([, one], [, other]) => one.localeCompare(other, locale))
  return (
    <details>
      <summary>{texts.onlyTypes}</summary>
      <fieldset>
        <legend className="unseen">{texts.onlyTypes}</legend>
        {types.map(([type, name]) => (
          <Check key={type} name="types" value={type}>
            {name}
          </Check>
        ))}
      </fieldset>
    </details>
  )
}

const NewWebhook = ({ onCreated }: { readonly onCreated: (secret: string) => void }) => {
  const texts = useTextsOf(webhookTexts)
  const create = useChange(CreateWebhookDocument)
  const send = async (read: (field: string) => string, form: HTMLFormElement) => {
    const types = new FormData(form).getAll('types') as AuditEventType[]
    const result = await create.run({ input: { url: read('url'), description: read('description') || null, types } })
    if (result?.__typename === 'CreateWebhookSuccess') onCreated(result.secret)
  }
  return (
    <ChangeForm submit={texts.create} isBusy={create.isBusy} problem={create.problem} onSend={send}>
      <Field name="url" label={texts.url} inputMode="text" isRequired dir="ltr" />
      <Field name="description" label={texts.about} />
      <Types />
    </ChangeForm>
  )
}

export const WebhooksPage = () => {
  const texts = useTextsOf(webhookTexts)
  usePage(texts.title)
  const read = useRead(WebhooksDocument, usePageVariables(SIZE))
  const [secret, setSecret] = useState<string>()
  const page = read.data?.webhooks
  const created = (made: string) => {
    setSecret(made)
    read.again()
  }
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      {secret !== undefined && (
        <SecretShown key={secret} label={texts.new} prompt={texts.secret} secret={secret} copy={texts.copy} copied={texts.copied} />
      )}
      <Reading read={read} />
      {page?.edges.length === 0 && <p>{texts.none}</p>}
      {page != null && page.edges.length > 0 && (
        <DataTable
          label={texts.title}
          rows={page.edges.map(({ node }) => node)}
          keyOf={({ id }) => id}
          columns={[
            {
              key: 'url',
              title: texts.url,
              size: 'large',
              cell: ({ id, url }) => (
                <PageLink to={pathOfWebhook(id)}>
                  <bdi>{url}</bdi>
                </PageLink>
              ),
            },
            { key: 'about', title: texts.about, cell: ({ description }) => <bdi>{description || '–'}</bdi> },
            {
              key: 'types',
              title: texts.types,
              cell: ({ types }) => (types.length === 0 ? texts.allTypes : texts.someTypes(types.length)),
            },
            { key: 'state', title: texts.state, cell: (webhook) => <WebhookState webhook={webhook} /> },
          ]}
        />
      )}
      {page != null && <Pager pageInfo={page.pageInfo} />}
      <section className="card" aria-labelledby="new">
        <h2 id="new">{texts.new}</h2>
        <NewWebhook key={secret} onCreated={created} />
      </section>
    </>
  )
}

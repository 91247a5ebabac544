/** /admin/webhooks/…: one webhook with its deliveries. */
import { useState } from 'react'
import { auditTexts } from '../auditTexts.ts'
import { useFormats, useTextsOf } from '../locale.tsx'
import { Facts } from '../parts/facts.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { Reading } from '../parts/reading.tsx'
import { SecretShown } from '../parts/secretShown.tsx'
import { useRead } from '../read.ts'
import { Deed } from './deed.tsx'
import { Deliveries } from './deliveries.tsx'
import {
  DeleteWebhookDocument,
  RotateWebhookSecretDocument,
  UpdateWebhookDocument,
  WebhookDocument,
  type WebhookFactsFragment,
} from './operations.ts'
import { webhookTexts } from './textsWebhooks.ts'
import { WebhookState } from './webhooksPage.tsx'

const isWebhook = (node: object | null | undefined): node is WebhookFactsFragment => node != null && 'url' in node

const WebhookFacts = ({ webhook }: { readonly webhook: WebhookFactsFragment }) => {
  const texts = useTextsOf(webhookTexts)
  const { events } = useTextsOf(auditTexts)
  const formats = useFormats()
  const { description, types, createdAt, previousSecretUntil } = webhook
  return (
    <Facts
      facts={[
        [texts.state, <WebhookState key="state" webhook={webhook} />],
        [texts.about, <bdi key="about">{description || '–'}</bdi>],
        [texts.types, types.length === 0 ? texts.allTypes : types.map((type) => events[type]).join(', ')],
        [texts.created, formats.time(createdAt)],
        ...(previousSecretUntil === null ? [] : [[texts.previous, formats.time(previousSecretUntil)] as const]),
      ]}
    />
  )
}

interface DeedsProps {
  readonly webhook: WebhookFactsFragment
  readonly onDone: (text: string) => void
  readonly onSecret: (secret: string) => void
  readonly onDeleted: () => void
  readonly onEnd: () => void
}

const Deeds = ({ webhook: { id, isEnabled }, onDone, onSecret, onDeleted, onEnd }: DeedsProps) => {
  const texts = useTextsOf(webhookTexts)
  const secrets = [
    { label: texts.rotate, question: texts.rotateQuestion, dropPrevious: false },
    { label: texts.drop, question: texts.dropQuestion, dropPrevious: true },
  ]
  return (
    <div className="actions">
      <Deed
        document={UpdateWebhookDocument}
        variables={{ input: { id, enabled: !isEnabled } }}
        label={isEnabled ? texts.disable : texts.enable}
        question={isEnabled ? texts.disableQuestion : texts.enableQuestion}
        isDangerous={isEnabled}
        onDone={() => onDone(isEnabled ? texts.isDisabled : texts.isEnabled)}
        onEnd={onEnd}
      />
      {secrets.map(({ label, question, dropPrevious }) => (
        <Deed
          key={label}
          document={RotateWebhookSecretDocument}
          variables={{ input: { id, dropPrevious } }}
          label={label}
          question={question}
          isDangerous={dropPrevious}
          onDone={(result) => result.__typename === 'RotateWebhookSecretSuccess' && onSecret(result.secret)}
          onEnd={onEnd}
        />
      ))}
      <Deed
        document={DeleteWebhookDocument}
        variables={{ input: { id } }}
        label={texts.delete}
        question={texts.deleteQuestion}
        onDone={onDeleted}
        onEnd={onEnd}
      />
    </div>
  )
}

export const WebhookPage = ({ id }: { readonly id: string }) => {
  const texts = useTextsOf(webhookTexts)
  usePage(texts.one)
  const read = useRead(WebhookDocument, { id })
  const [done, setDone] = useState<string>()
  const [secret, setSecret] = useState<string>()
  const [isDeleted, setDeleted] = useState(false)
  const node = read.data?.node
  const webhook = !isDeleted && isWebhook(node) ? node : undefined
  const isGone = read.data !== undefined && webhook === undefined && !isDeleted
  return (
    <>
      <p>
        <PageLink to="/admin/webhooks">{texts.back}</PageLink>
      </p>
      <h1>{webhook === undefined ? texts.one : <bdi>{webhook.url}</bdi>}</h1>
      <Reading read={read} />
      {isDeleted && (
        <Notice kind="good" takesFocus>
          {texts.deleted}
        </Notice>
      )}
      {isGone && <Notice kind="info">{texts.gone}</Notice>}
      {done !== undefined && !isDeleted && <Notice kind="good">{done}</Notice>}
      {secret !== undefined && !isDeleted && (
        <SecretShown key={secret} label={texts.rotate} prompt={texts.secret} secret={secret} copy={texts.copy} copied={texts.copied} />
      )}
      {webhook !== undefined && (
        <>
          <section className="card" aria-labelledby="deeds">
            <WebhookFacts webhook={webhook} />
            <h2 id="deeds">{texts.actions}</h2>
            <Deeds webhook={webhook} onDone={setDone} onSecret={setSecret} onDeleted={() => setDeleted(true)} onEnd={read.again} />
          </section>
          <Deliveries id={id} onDone={setDone} />
        </>
      )}
    </>
  )
}

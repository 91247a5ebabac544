/** /account/tokens: personal access tokens, each shown once. */
import { useState } from 'react'
import { useFormats, useTexts, useTextsOf } from '../locale.tsx'
import { Check } from '../parts/check.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { DataTable } from '../parts/dataTable.tsx'
import { ChangeForm, Field } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { SecretShown } from '../parts/secretShown.tsx'
import { useChange } from '../proof.tsx'
import { useRead } from '../read.ts'
import { scopeText } from '../scopeText.ts'
import { CreatePersonalAccessTokenDocument, RevokePersonalAccessTokenDocument, type Scope, TokensDocument } from './operations.ts'
import { accountTexts } from './texts.ts'

const DAY = 86_400_000
const inDays = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10)

const NewToken = ({ scopes, onCreated }: { readonly scopes: readonly Scope[]; readonly onCreated: (token: string) => void }) => {
  const texts = useTextsOf(accountTexts).tokens
  const create = useChange(CreatePersonalAccessTokenDocument)
  const send = async (read: (field: string) => string, form: HTMLFormElement) => {
    const chosen = new FormData(form).getAll('scopes') as Scope[]
    // Until the end of that day.
    const expiresAt = `${read('expiresAt')}T23:59:59.000Z`
    const result = await create.run({ input: { name: read('name'), scopes: chosen, expiresAt } })
    if (result?.__typename !== 'CreatePersonalAccessTokenSuccess') return
    form.reset()
    onCreated(result.token)
  }
  return (
    <section className="card" aria-label={texts.new}>
      <h2>{texts.new}</h2>
      <ChangeForm submit={texts.create} isBusy={create.isBusy} problem={create.problem} onSend={send}>
        <Field name="name" label={texts.name} hint={texts.nameHint} isRequired />
        <Field name="expiresAt" label={texts.expires} type="date" defaultValue={inDays(90)} isRequired />
        {scopes.length > 0 && (
          <fieldset>
            <legend>{texts.scopes}</legend>
            {scopes.map((scope) => (
              <Check key={scope} name="scopes" value={scope}>
                <code>{scopeText(scope)}</code>
              </Check>
            ))}
          </fieldset>
        )}
      </ChangeForm>
    </section>
  )
}

export const TokensPage = () => {
  const texts = useTextsOf(accountTexts).tokens
  const { wait } = useTexts()
  const formats = useFormats()
  usePage(texts.title)
  const { data, problem, again } = useRead(TokensDocument, {})
  const revoke = useChange(RevokePersonalAccessTokenDocument)
  const [token, setToken] = useState<string>()
  const [done, setDone] = useState<string>()
  const tokens = data?.me?.personalAccessTokens
  const created = (made: string) => {
    setDone(undefined)
    setToken(made)
    again()
  }
  const revokeOne = async (id: string) => {
    setToken(undefined)
    const result = await revoke.run({ input: { id } })
    if (result?.__typename === 'RevokePersonalAccessTokenSuccess') setDone(texts.revoked)
    again()
  }
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={again} />}
      {revoke.problem !== undefined && <ProblemNotice problem={revoke.problem} />}
      {done !== undefined && <Notice kind="good">{done}</Notice>}
      {token !== undefined && (
        <SecretShown key={token} label={texts.new} prompt={texts.shown} secret={token} copy={texts.copy} copied={texts.copied} />
      )}
      {tokens === undefined && problem === undefined && <Notice kind="info">{wait}</Notice>}
      {tokens?.length === 0 && <p>{texts.none}</p>}
      {tokens !== undefined && tokens.length > 0 && (
        <DataTable
          label={texts.title}
          rows={tokens}
          keyOf={({ id }) => id}
          columns={[
            { key: 'name', title: texts.name, cell: ({ name }) => <bdi>{name}</bdi> },
            {
              key: 'scopes',
              title: texts.scopes,
              cell: ({ scopes }) => scopes.map((scope) => scopeText(scope)).join(', ') || '–',
            },
            { key: 'created', title: texts.created, cell: ({ createdAt }) => formats.time(createdAt) },
            { key: 'expires', title: texts.expires, cell: ({ expiresAt }) => formats.time(expiresAt) },
            {
              key: 'lastUsed',
              title: texts.lastUsed,
              cell: ({ lastUsedAt }) => (lastUsedAt === null ? texts.never : formats.time(lastUsedAt)),
            },
            {
              key: 'action',
              title: texts.action,
              label: '',
              cell: ({ id, name }) => (
                <Confirm
                  label={texts.revoke}
                  fullLabel={texts.revokeLabel(name)}
                  question={texts.revokeLabel(name)}
                  isBusy={revoke.isBusy}
                  onConfirm={() => void revokeOne(id)}
                />
              ),
            },
          ]}
        />
      )}
      <NewToken scopes={data?.me?.scopes ?? []} onCreated={created} />
    </>
  )
}

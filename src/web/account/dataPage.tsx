/** /account/data: everything that is kept about the account as a file, and its deletion. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { type Client, useClient } from 'urql'
import { useTexts, useTextsOf } from '../locale.tsx'
import { ChangeForm, Field, PasswordField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { saveFile } from '../parts/saveFile.ts'
import { Window } from '../parts/window.tsx'
import { type Problem, problemOfRequest } from '../problem.ts'
import { useProof } from '../proof.tsx'
import { useRequest } from '../request.ts'
import { useNavigate } from '../routing.ts'
import { useMe, useSession } from '../session.tsx'
import {
  type AccountEventFragment,
  AuditLogDocument,
  type AuditLogQuery,
  DeleteAccountDocument,
  PersonalDataDocument,
} from './operations.ts'
import { accountTexts } from './texts.ts'

/** Events that are read at once. */
const SIZE = 500

type EventPage = NonNullable<NonNullable<AuditLogQuery['me']>['auditEvents']>

const readPage = async (client: Client, after: string | null): Promise<EventPage> => {
  const { data, error } = await client.query(AuditLogDocument, { first: SIZE, after }, { requestPolicy: 'network-only' }).toPromise()
  if (error !== undefined) throw error
  return (
    data?.me?.auditEvents ?? { edges: [], pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null } }
  )
}

const Download = () => {
  const texts = useTextsOf(accountTexts).data
  const client = useClient()
  const prove = useProof()
  const { username } = useMe()
  const [state, setState] = useState<'idle' | 'done' | number>('idle')
  const [problem, setProblem] = useState<Problem>()

  const readAll = async (): Promise<{ account: unknown; auditEvents: readonly AccountEventFragment[] }> => {
    const account = await client.query(PersonalDataDocument, {}, { requestPolicy: 'network-only' }).toPromise()
    if (account.error !== undefined) throw account.error
    const auditEvents: AccountEventFragment[] = []
    let after: string | null = null
    do {
      setState(auditEvents.length)
      const page: EventPage = await readPage(client, after)
      auditEvents.push(...page.edges.map(({ node }) => node))
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
    } while (after !== null)
    return { account: account.data?.me, auditEvents }
  }
  const download = async (): Promise<void> => {
    setProblem(undefined)
    try {
      const found = await readAll()
      saveFile(`${username.replace(/[^\w.-]+/g, '_')}.json`, 'application/json', [JSON.stringify(found, null, 2)])
      setState('done')
    } catch (error) {
      setState('idle')
      const failed = problemOfRequest(error as Parameters<typeof problemOfRequest>[0])
      if (await prove(failed.code)) return await download()
      setProblem(failed)
    }
  }
  return (
    <section className="card" aria-label={texts.title}>
      <p>{texts.prompt}</p>
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {typeof state === 'number' && <Notice kind="info">{texts.progress(state)}</Notice>}
      {state === 'done' && <Notice kind="good">{texts.done}</Notice>}
      <Button className="button" isPending={typeof state === 'number'} onPress={() => void download()}>
        {texts.download}
      </Button>
    </section>
  )
}

const Deletion = () => {
  const texts = useTextsOf(accountTexts).deletion
  const { password, proof, code } = useTexts()
  const me = useMe()
  const { ended } = useSession()
  const navigate = useNavigate()
  const [isOpen, setOpen] = useState(false)
  const deletion = useRequest(DeleteAccountDocument)
  const send = async (read: (field: string) => string) => {
    const result = await deletion.run({ input: { password: read('password'), code: read('code') || null } })
    if (result?.__typename !== 'DeleteAccountSuccess') return
    navigate('/sign-in?deleted=yes', { replace: true })
    ended()
  }
  return (
    <section className="card" aria-label={texts.title}>
      <h2>{texts.title}</h2>
      <p>{texts.prompt}</p>
      <Button className="button danger" onPress={() => setOpen(true)}>
        {texts.open}
      </Button>
      <Window title={texts.confirmTitle} isOpen={isOpen} onClose={() => setOpen(false)}>
        <ChangeForm submit={texts.submit} isBusy={deletion.isBusy} problem={deletion.problem} onSend={send} isDangerous>
          <p>{texts.confirmPrompt(me.username)}</p>
          <PasswordField name="password" label={password.label} autoComplete="current-password" autoFocus />
          {me.twoFactorEnabled && (
            <Field name="code" label={proof.codeLabel} hint={code.hint} autoComplete="one-time-code" isRequired dir="ltr" />
          )}
        </ChangeForm>
      </Window>
    </section>
  )
}

export const DataPage = () => {
  const texts = useTextsOf(accountTexts).data
  usePage(texts.title)
  return (
    <>
      <h1>{texts.title}</h1>
      <Download />
      <Deletion />
    </>
  )
}

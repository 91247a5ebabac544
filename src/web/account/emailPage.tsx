/** /account/email: the address, its confirmation, and a new one that waits for its own. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTexts, useTextsOf } from '../locale.tsx'
import { ChangeForm, Field } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { useChange } from '../proof.tsx'
import {
  type AccountProfileFragment,
  ChangeEmailDocument,
  ConfirmEmailByCodeDocument,
  RequestEmailVerificationDocument,
} from './operations.ts'
import { accountTexts } from './texts.ts'
import { useProfile } from './useProfile.ts'

interface PartProps {
  readonly account: AccountProfileFragment
  readonly onChanged: (account: AccountProfileFragment, done: string) => void
}

const Verification = ({ account, onChanged }: PartProps) => {
  const texts = useTextsOf(accountTexts).email
  const request = useChange(RequestEmailVerificationDocument)
  const send = async () => {
    const result = await request.run({})
    if (result?.__typename === 'RequestEmailVerificationSuccess') onChanged(result.user, texts.verificationSent(account.email ?? ''))
  }
  return (
    <>
      {request.problem !== undefined && <ProblemNotice problem={request.problem} />}
      <Button className="button" isPending={request.isBusy} onPress={() => void send()}>
        {texts.verify}
      </Button>
    </>
  )
}

const Code = ({ address, onChanged }: Omit<PartProps, 'account'> & { readonly address: string }) => {
  const texts = useTextsOf(accountTexts).email
  const confirm = useChange(ConfirmEmailByCodeDocument)
  const send = async (read: (field: string) => string) => {
    const result = await confirm.run({ input: { code: read('code') } })
    if (result?.__typename === 'ConfirmEmailSuccess' && result.user !== null) onChanged(result.user, texts.confirmed)
  }
  return (
    <ChangeForm submit={texts.confirm} isBusy={confirm.isBusy} problem={confirm.problem} onSend={send}>
      <p>{texts.pending(address)}</p>
      <Field name="code" label={texts.code} autoComplete="one-time-code" inputMode="numeric" isRequired dir="ltr" />
    </ChangeForm>
  )
}

const NewAddress = ({ onChanged }: Omit<PartProps, 'account'>) => {
  const texts = useTextsOf(accountTexts).email
  const change = useChange(ChangeEmailDocument)
  const send = async (read: (field: string) => string, form: HTMLFormElement) => {
    const result = await change.run({ input: { email: read('email') } })
    if (result?.__typename !== 'ChangeEmailSuccess') return
    form.reset()
    onChanged(result.user, result.pendingEmail === null ? texts.changed : texts.verificationSent(result.pendingEmail))
  }
  return (
    <ChangeForm submit={texts.change} isBusy={change.isBusy} problem={change.problem} onSend={send}>
      <Field name="email" label={texts.new} type="email" autoComplete="email" isRequired dir="ltr" />
    </ChangeForm>
  )
}

export const EmailPage = () => {
  const texts = useTextsOf(accountTexts).email
  const { wait } = useTexts()
  usePage(texts.title)
  const { account, problem, again, changed } = useProfile()
  const [done, setDone] = useState<string>()
  const onChanged = (found: AccountProfileFragment, text: string) => {
    changed(found)
    setDone(text)
    again()
  }
  const waiting = account?.pendingEmails.at(0) ?? account?.pendingVerification
  return (
    <>
      <h1>{texts.title}</h1>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={again} />}
      {account === undefined && problem === undefined && <Notice kind="info">{wait}</Notice>}
      {done !== undefined && <Notice kind="good">{done}</Notice>}
      {account !== undefined && (
        <>
          <section className="card" aria-label={texts.present}>
            <h2>{texts.present}</h2>
            {account.email === null ? (
              <p>{texts.none}</p>
            ) : (
              <p>
                <bdi>{account.email}</bdi>{' '}
                <span className={account.emailVerified ? 'tag good' : 'tag bad'}>
                  {account.emailVerified ? texts.verified : texts.unverified}
                </span>
              </p>
            )}
            {account.email !== null && !account.emailVerified && <Verification account={account} onChanged={onChanged} />}
          </section>
          {waiting !== undefined && waiting !== null && (
            <section className="card" aria-label={texts.confirm}>
              <Code address={waiting.address} onChanged={onChanged} />
            </section>
          )}
          <section className="card" aria-label={texts.change}>
            <NewAddress onChanged={onChanged} />
          </section>
        </>
      )}
    </>
  )
}

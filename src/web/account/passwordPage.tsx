/** /account/password */
import { useState } from 'react'
import { useTexts, useTextsOf } from '../locale.tsx'
import { ChangeForm, PasswordField } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { useChange } from '../proof.tsx'
import { useMe } from '../session.tsx'
import { ChangePasswordDocument } from './operations.ts'
import { accountTexts } from './texts.ts'
import { useProfile } from './useProfile.ts'

export const PasswordPage = () => {
  const texts = useTextsOf(accountTexts).password
  const { password } = useTexts()
  usePage(texts.title)
  const me = useMe()
  const { changed } = useProfile()
  const change = useChange(ChangePasswordDocument)
  const [isDone, setDone] = useState(false)
  const send = async (read: (field: string) => string, form: HTMLFormElement) => {
    setDone(false)
    const result = await change.run({ input: { oldPassword: read('oldPassword'), newPassword: read('newPassword') } })
    if (result?.__typename !== 'ChangePasswordSuccess') return
    form.reset()
    changed(result.user)
    setDone(true)
  }
  return (
    <>
      <h1>{texts.title}</h1>
      <p>{texts.prompt}</p>
      <ChangeForm submit={texts.submit} isBusy={change.isBusy} problem={change.problem} onSend={send}>
        <input className="unseen" type="text" autoComplete="username" value={me.username} readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordField name="oldPassword" label={texts.old} autoComplete="current-password" />
        <PasswordField name="newPassword" label={password.newLabel} hint={password.hint} autoComplete="new-password" />
      </ChangeForm>
      {isDone && <Notice kind="good">{texts.done}</Notice>}
    </>
  )
}

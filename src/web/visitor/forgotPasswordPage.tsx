/** /forgot-password. The answer is the same whether or not an account has the address. */
import { useState } from 'react'
import { useTexts } from '../locale.tsx'
import { ChangeForm, Field } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { useRequest } from '../request.ts'
import { RequestPasswordResetDocument } from './operations.ts'

export const ResetRequest = ({ prompt, submit }: { readonly prompt: string; readonly submit: string }) => {
  const texts = useTexts().forgotPasswordPage
  const [isSent, setSent] = useState(false)
  const request = useRequest(RequestPasswordResetDocument)
  const send = async (read: (field: string) => string) => {
    const result = await request.run({ input: { email: read('email') } })
    if (result?.__typename === 'RequestPasswordResetSuccess') setSent(true)
  }
  if (isSent)
    return (
      <Notice kind="good" takesFocus>
        {texts.done}
      </Notice>
    )
  return (
    <ChangeForm submit={submit} isBusy={request.isBusy} problem={request.problem} onSend={send}>
      <p>{prompt}</p>
      <Field name="email" label={texts.label} type="email" autoComplete="email" isRequired dir="ltr" />
    </ChangeForm>
  )
}

export const ForgotPasswordPage = () => {
  const texts = useTexts().forgotPasswordPage
  usePage(texts.title)
  return (
    <>
      <h1>{texts.title}</h1>
      <ResetRequest prompt={texts.prompt} submit={texts.submit} />
      <p className="further">
        <PageLink to="/sign-in">{texts.toSignIn}</PageLink>
      </p>
    </>
  )
}

/**
 * The pages that mails link to: /reset-password, /confirm-email, /disown-email and /undo-change. Opening one uses nothing up, because mail
 * scanners open links; a button does.
 */
import { type ReactNode, useState } from 'react'
import { useTexts } from '../locale.tsx'
import { ChangeForm, PasswordField } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { type Request, useRequest } from '../request.ts'
import { useSession } from '../session.tsx'
import { signInUrl } from '../settings.ts'
import { ResetRequest } from './forgotPasswordPage.tsx'
import { type MailToken, useMailToken } from './mailToken.ts'
import {
  ConfirmEmailDocument,
  DisownEmailDocument,
  type MailTokenUse,
  ResetPasswordDocument,
  UndoAccountChangeDocument,
} from './operations.ts'

interface ActionTexts {
  readonly title: string
  readonly submit: string
  readonly done: string
  readonly dead: string
  readonly prompt?: string
}

const Onward = () => {
  const { onward } = useTexts().mailLink
  return <p className="further">{signInUrl !== undefined && <PageLink to={signInUrl}>{onward}</PageLink>}</p>
}

interface PageProps {
  readonly texts: ActionTexts
  readonly mailToken: MailToken
  readonly isDone: boolean
  /** Offers a new reset link when this one is dead. */
  readonly offersReset?: boolean
  /** Whether there is somewhere to go after it. */
  readonly leadsOn?: boolean
  readonly children: (open: { readonly token: string; readonly signInName: string | null }) => ReactNode
}

const MailLinkPage = ({ texts, mailToken: { link }, isDone, offersReset = false, leadsOn = true, children }: PageProps) => {
  const { mailLink, wait } = useTexts()
  usePage(texts.title)
  const body = (): ReactNode => {
    if (isDone)
      return (
        <Notice kind="good" takesFocus>
          {texts.done}
        </Notice>
      )
    if (link.state === 'checking') return <Notice kind="info">{wait}</Notice>
    if (link.state === 'incomplete') return <Notice kind="bad">{mailLink.incomplete}</Notice>
    if (link.state === 'open') return children(link)
    return (
      <>
        <Notice kind="bad">{texts.dead}</Notice>
        {offersReset && <ResetRequest prompt={mailLink.again.prompt} submit={mailLink.again.submit} />}
      </>
    )
  }
  return (
    <>
      <h1>{texts.title}</h1>
      {body()}
      {leadsOn && (isDone || link.state === 'dead') && <Onward />}
    </>
  )
}

interface Failed {
  readonly code: string
  readonly fieldErrors: readonly { readonly field: string }[] | null
}

/** Whether it failed because the link is dead, which the page says in its own way. */
const isOfLink = ({ code, fieldErrors }: Failed): boolean =>
  code === 'INVALID_MAIL_TOKEN' || (code === 'INVALID_INPUT' && (fieldErrors ?? []).every(({ field }) => field === 'token'))

const livingProblem = <Data, Variables>({ problem }: Request<Data, Variables>) =>
  problem !== undefined && isOfLink(problem) ? undefined : problem

interface PasswordProps {
  readonly texts: ActionTexts
  readonly use: MailTokenUse
  readonly document: typeof ResetPasswordDocument | typeof UndoAccountChangeDocument
}

const PasswordPage = ({ texts, use, document }: PasswordProps) => {
  const { password } = useTexts()
  const mailToken = useMailToken(use)
  const [isDone, setDone] = useState(false)
  const request = useRequest(document as typeof ResetPasswordDocument)
  const send = async (token: string, newPassword: string) => {
    const result = await request.run({ input: { token, newPassword } })
    if (result === undefined) return
    if (!('code' in result)) setDone(true)
    else if (isOfLink(result)) mailToken.died()
  }
  return (
    <MailLinkPage texts={texts} mailToken={mailToken} isDone={isDone} offersReset>
      {({ token, signInName }) => (
        <ChangeForm
          submit={texts.submit}
          isBusy={request.isBusy}
          problem={livingProblem(request)}
          onSend={(read) => void send(token, read('newPassword'))}
        >
          {texts.prompt !== undefined && <p>{texts.prompt}</p>}
          <input
            className="unseen"
            type="text"
            autoComplete="username"
            value={signInName ?? ''}
            readOnly
            tabIndex={-1}
            aria-hidden="true"
          />
          <PasswordField name="newPassword" label={password.newLabel} hint={password.hint} autoComplete="new-password" autoFocus />
        </ChangeForm>
      )}
    </MailLinkPage>
  )
}

interface ButtonProps {
  readonly texts: ActionTexts
  readonly use: MailTokenUse
  readonly document: typeof ConfirmEmailDocument | typeof DisownEmailDocument
  readonly onDone?: () => void
  readonly leadsOn?: boolean
}

const ButtonPage = ({ texts, use, document, onDone, leadsOn = true }: ButtonProps) => {
  const mailToken = useMailToken(use)
  const [isDone, setDone] = useState(false)
  const request = useRequest(document as typeof ConfirmEmailDocument)
  const send = async (token: string) => {
    const result = await request.run({ input: { token } })
    if (result === undefined) return
    if ('code' in result) return isOfLink(result) ? mailToken.died() : undefined
    setDone(true)
    onDone?.()
  }
  return (
    <MailLinkPage texts={texts} mailToken={mailToken} isDone={isDone} leadsOn={leadsOn}>
      {({ token }) => (
        <ChangeForm submit={texts.submit} isBusy={request.isBusy} problem={livingProblem(request)} onSend={() => void send(token)}>
          <p>{texts.prompt}</p>
        </ChangeForm>
      )}
    </MailLinkPage>
  )
}

export const ResetPasswordPage = () => (
  <PasswordPage texts={useTexts().resetPasswordPage} use="RESET_PASSWORD" document={ResetPasswordDocument} />
)

export const UndoChangePage = () => (
  <PasswordPage texts={useTexts().undoChangePage} use="UNDO_ACCOUNT_CHANGE" document={UndoAccountChangeDocument} />
)

export const ConfirmEmailPage = () => {
  const { refresh } = useSession()
  return (
    <ButtonPage texts={useTexts().confirmEmailPage} use="CONFIRM_EMAIL" document={ConfirmEmailDocument} onDone={() => void refresh()} />
  )
}

export const DisownEmailPage = () => (
  <ButtonPage texts={useTexts().disownEmailPage} use="DISOWN_EMAIL" document={DisownEmailDocument} leadsOn={false} />
)

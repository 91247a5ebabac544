/** /admin/invite: an account for somebody who chooses the password by the link of a mail. */
import { useState } from 'react'
import { useTextsOf } from '../locale.tsx'
import { ChangeForm } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { useChange } from '../proof.tsx'
import { NewUserFields, newUserOf } from './newUserFields.tsx'
import { InviteUserDocument } from './operations.ts'
import { usersTexts } from './textsUsers.ts'
import { pathOfUser } from './userTable.tsx'

interface Invited {
  readonly id: string
  readonly email: string
  readonly isNew: boolean
}

export const InviteUserPage = () => {
  const { invite: texts, create } = useTextsOf(usersTexts)
  usePage(texts.title)
  const invite = useChange(InviteUserDocument)
  const [invited, setInvited] = useState<Invited>()
  // A form that begins anew after each success.
  const [round, setRound] = useState(0)
  const send = async (read: (field: string) => string, form: HTMLFormElement) => {
    setInvited(undefined)
    const email = read('email')
    const result = await invite.run({ input: { ...newUserOf(read, form), email } })
    if (result?.__typename !== 'InviteUserSuccess') return
    setInvited({ id: result.invitedUserId, email, isNew: result.isNew })
    setRound((before) => before + 1)
  }
  return (
    <>
      <h1>{texts.title}</h1>
      {invited !== undefined && (
        <>
          <Notice kind="good" takesFocus>
            {invited.isNew ? texts.done(invited.email) : texts.again(invited.email)}
          </Notice>
          <p>
            <PageLink to={pathOfUser(invited.id)}>{create.see}</PageLink>
          </p>
        </>
      )}
      <p>{texts.prompt}</p>
      <ChangeForm key={round} submit={texts.submit} isBusy={invite.isBusy} problem={invite.problem} onSend={send}>
        <NewUserFields isEmailRequired />
      </ChangeForm>
    </>
  )
}

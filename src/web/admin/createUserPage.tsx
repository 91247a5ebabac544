/** /admin/create: an account for somebody else, with a first password. */
import { useState } from 'react'
import { useTexts, useTextsOf } from '../locale.tsx'
import { ChangeForm, PasswordField } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { useChange } from '../proof.tsx'
import { NewUserFields, newUserOf } from './newUserFields.tsx'
import { CreateUserDocument } from './operations.ts'
import { usersTexts } from './textsUsers.ts'
import { pathOfUser } from './userTable.tsx'

interface Created {
  readonly id: string
  readonly name: string
}

export const CreateUserPage = () => {
  const { create: texts } = useTextsOf(usersTexts)
  const { password } = useTexts()
  usePage(texts.title)
  const create = useChange(CreateUserDocument)
  const [created, setCreated] = useState<Created>()
  // A form that begins anew after each success.
  const [round, setRound] = useState(0)
  const send = async (read: (field: string) => string, form: HTMLFormElement) => {
    setCreated(undefined)
    const result = await create.run({ input: { ...newUserOf(read, form), email: read('email') || null, password: read('password') } })
    if (result?.__typename !== 'CreateUserSuccess') return
    setCreated({ id: result.createdUserId, name: result.user?.username ?? read('email') })
    setRound((before) => before + 1)
  }
  return (
    <>
      <h1>{texts.title}</h1>
      {created !== undefined && (
        <>
          <Notice kind="good" takesFocus>
            {texts.done(created.name)}
          </Notice>
          <p>
            <PageLink to={pathOfUser(created.id)}>{texts.see}</PageLink>
          </p>
        </>
      )}
      <p>{texts.prompt}</p>
      <ChangeForm key={round} submit={texts.submit} isBusy={create.isBusy} problem={create.problem} onSend={send}>
        <NewUserFields />
        <PasswordField name="password" label={texts.password} hint={password.hint} autoComplete="new-password" />
      </ChangeForm>
    </>
  )
}

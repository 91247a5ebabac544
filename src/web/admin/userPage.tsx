/** /admin/users/…: one account, all that an administrator may see of it and do to it. */
import { useState } from 'react'
import { useTextsOf } from '../locale.tsx'
import { Notice } from '../parts/notice.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { Reading } from '../parts/reading.tsx'
import { useRead } from '../read.ts'
import { UserDocument } from './operations.ts'
import { userTexts } from './textsUser.ts'
import { UserDeeds } from './userDeeds.tsx'
import { UserEvents } from './userEvents.tsx'
import { UserFacts } from './userFacts.tsx'
import { UserScopes } from './userScopes.tsx'
import { UserSessions } from './userSessions.tsx'
import { UserTokens } from './userTokens.tsx'

export const UserPage = ({ id }: { readonly id: string }) => {
  const texts = useTextsOf(userTexts)
  const read = useRead(UserDocument, { id })
  const [done, setDone] = useState<string>()
  const [isDeleted, setDeleted] = useState(false)
  // Each change writes an event.
  const [changes, setChanges] = useState(0)
  const user = isDeleted ? null : read.data?.user
  usePage(user?.username ?? texts.title)
  const onEnd = () => {
    read.again()
    setChanges((before) => before + 1)
  }
  const follow = { onDone: setDone, onEnd }
  return (
    <>
      <p>
        <PageLink to="/admin">{texts.back}</PageLink>
      </p>
      <h1>{user == null ? texts.title : <bdi>{user.name}</bdi>}</h1>
      <Reading read={read} />
      {isDeleted && (
        <Notice kind="good" takesFocus>
          {texts.deleted}
        </Notice>
      )}
      {user === null && !isDeleted && <Notice kind="info">{texts.gone}</Notice>}
      {done !== undefined && !isDeleted && (
        <Notice key={changes} kind="good">
          {done}
        </Notice>
      )}
      {user != null && (
        <>
          <UserFacts user={user} />
          <UserDeeds user={user} {...follow} onDeleted={() => setDeleted(true)} />
          <UserScopes key={user.scopes.join()} user={user} {...follow} />
          <UserSessions user={user} {...follow} />
          <UserTokens user={user} {...follow} />
        </>
      )}
      <UserEvents id={id} changes={changes} />
    </>
  )
}

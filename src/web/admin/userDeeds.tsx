/** What an administrator can do to an account. What the schema refuses for one's own account is not offered. */
import { useTextsOf } from '../locale.tsx'
import { PageLink } from '../parts/page.tsx'
import { useMe } from '../session.tsx'
import { isOn } from '../settings.ts'
import { Deed } from './deed.tsx'
import {
  DeleteUserDocument,
  EndUserSessionsDocument,
  ResetTwoFactorDocument,
  SendPasswordResetDocument,
  SetAdminDocument,
  SetLoginEnabledDocument,
  type UserDetailsFragment,
} from './operations.ts'
import { userTexts } from './textsUser.ts'

export interface PartProps {
  readonly user: UserDetailsFragment
  /** Is given what to say. */
  readonly onDone: (text: string) => void
  readonly onEnd: () => void
}

const Enabling = ({ user: { id, loginDisabled }, onDone, onEnd }: PartProps) => {
  const texts = useTextsOf(userTexts)
  return (
    <Deed
      document={SetLoginEnabledDocument}
      variables={{ input: { id, enabled: loginDisabled } }}
      label={loginDisabled ? texts.enable : texts.disable}
      question={loginDisabled ? texts.enableQuestion : texts.disableQuestion}
      isDangerous={!loginDisabled}
      onDone={() => onDone(loginDisabled ? texts.enabled : texts.disabled)}
      onEnd={onEnd}
    />
  )
}

const Administrator = ({ user: { id, isAdmin }, onDone, onEnd }: PartProps) => {
  const texts = useTextsOf(userTexts)
  return (
    <Deed
      document={SetAdminDocument}
      variables={{ input: { id, isAdmin: !isAdmin } }}
      label={isAdmin ? texts.unmakeAdmin : texts.makeAdmin}
      question={isAdmin ? texts.unmakeAdminQuestion : texts.makeAdminQuestion}
      onDone={() => onDone(isAdmin ? texts.unmadeAdmin : texts.madeAdmin)}
      onEnd={onEnd}
    />
  )
}

const Recovery = ({ user: { id, email, twoFactorEnabled }, onDone, onEnd }: PartProps) => {
  const texts = useTextsOf(userTexts)
  return (
    <>
      {twoFactorEnabled && (
        <Deed
          document={ResetTwoFactorDocument}
          variables={{ input: { id } }}
          label={texts.resetFactor}
          question={texts.resetFactorQuestion}
          onDone={() => onDone(texts.factorReset)}
          onEnd={onEnd}
        />
      )}
      {email !== null && (
        <Deed
          document={SendPasswordResetDocument}
          variables={{ input: { email } }}
          label={texts.sendReset}
          question={texts.sendResetQuestion(email)}
          isDangerous={false}
          onDone={() => onDone(texts.resetSent)}
          onEnd={onEnd}
        />
      )}
    </>
  )
}

const Ending = ({ user: { id, username }, onDone, onEnd, onDeleted }: PartProps & { readonly onDeleted: () => void }) => {
  const texts = useTextsOf(userTexts)
  return (
    <>
      <Deed
        document={EndUserSessionsDocument}
        variables={{ input: { id } }}
        label={texts.endAll}
        question={texts.endAllQuestion}
        onDone={(result) => result.__typename === 'EndUserSessionsSuccess' && onDone(texts.allEnded(result.endedSessions))}
        onEnd={onEnd}
      />
      <Deed
        document={DeleteUserDocument}
        variables={{ input: { id } }}
        label={texts.delete}
        question={texts.deleteQuestion(username)}
        onDone={onDeleted}
        onEnd={onEnd}
      />
    </>
  )
}

export const UserDeeds = ({ onDeleted, ...part }: PartProps & { readonly onDeleted: () => void }) => {
  const texts = useTextsOf(userTexts)
  const isOwn = useMe().id === part.user.id
  return (
    <section className="card" aria-labelledby="deeds">
      <h2 id="deeds">{texts.actions}</h2>
      {isOwn ? (
        <p>
          {texts.ownAccount} {isOn('account') && <PageLink to="/account">{texts.toOwn}</PageLink>}
        </p>
      ) : (
        <div className="actions">
          <Enabling {...part} />
          <Administrator {...part} />
          <Recovery {...part} />
          <Ending {...part} onDeleted={onDeleted} />
        </div>
      )}
    </section>
  )
}

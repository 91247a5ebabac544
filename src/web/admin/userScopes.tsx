/** The scopes of an account, and how to replace them. */
import { useTextsOf } from '../locale.tsx'
import { ChangeForm } from '../parts/form.tsx'
import { Notice } from '../parts/notice.tsx'
import { useChange } from '../proof.tsx'
import { scopeText } from '../scopeText.ts'
import { SetScopesDocument } from './operations.ts'
import { allScopes, ScopeFields, scopesOf } from './scopeFields.tsx'
import { userTexts } from './textsUser.ts'
import type { PartProps } from './userDeeds.tsx'

const known = allScopes.map(scopeText)

export const UserScopes = ({ user, onDone, onEnd }: PartProps) => {
  const texts = useTextsOf(userTexts)
  const change = useChange(SetScopesDocument)
  const foreign = user.isAdmin ? [] : (user.scopeNames ?? []).filter((name) => name !== '*' && !known.includes(name))
  const send = async (_read: unknown, form: HTMLFormElement) => {
    const result = await change.run({ input: { id: user.id, scopes: scopesOf(form) } })
    if (result?.__typename === 'SetScopesSuccess') onDone(texts.scopesSet)
    onEnd()
  }
  return (
    <section className="card" aria-labelledby="scopes">
      <h2 id="scopes">{texts.scopes}</h2>
      {user.isAdmin && <p>{texts.allScopes}</p>}
      {foreign.length > 0 && (
        <Notice kind="info">
          {texts.otherScopes} <bdi>{foreign.join(', ')}</bdi>
        </Notice>
      )}
      <ChangeForm submit={texts.setScopes} isBusy={change.isBusy} problem={change.problem} onSend={send}>
        <ScopeFields legend={texts.scopes} isTitled granted={user.scopes} />
      </ChangeForm>
    </section>
  )
}

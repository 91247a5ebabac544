/**
 * Asks who is there, in a dialog above the page, so that nothing that was typed is lost: for the password again where an operation needs
 * a fresh proof, and for a whole sign-in where the session has ended.
 */
import type { DocumentNode } from 'graphql'
import { createContext, type ReactNode, use, useCallback, useRef, useState } from 'react'
import type { AnyVariables, TypedDocumentNode } from 'urql'
import { useTexts } from './locale.tsx'
import { ChangeForm, Field, PasswordField } from './parts/form.tsx'
import { Notice } from './parts/notice.tsx'
import { Window } from './parts/window.tsx'
import type { ErrorCode } from './problem.ts'
import { type Request, type Retry, useRequest } from './request.ts'
import { useSession } from './session.tsx'
import { ReauthenticateDocument } from './visitor/operations.ts'
import { SignInSteps } from './visitor/signInSteps.tsx'

/** Resolves with true when the person has proved what the code asks for; with false if that is nothing, or they cancelled. */
const Context = createContext<Retry>(async () => false)
export const useProof = (): Retry => use(Context)

/** A mutation that is sent again once the person has proved who they are, if that is what it failed for. */
export const useChange = <Data extends object, Variables extends AnyVariables>(
  document: DocumentNode & TypedDocumentNode<Data, Variables>,
): Request<Data, Variables> => useRequest(document, useProof())

type Kind = 'password' | 'sign-in'
const kinds: Partial<Record<ErrorCode, Kind>> = { REAUTHENTICATION_REQUIRED: 'password', UNAUTHENTICATED: 'sign-in' }

interface Question {
  readonly kind: Kind
  readonly answer: (isProved: boolean) => void
}

export const ProofProvider = ({ children }: { readonly children: ReactNode }) => {
  const texts = useTexts().proof
  const { me } = useSession()
  const [question, setQuestion] = useState<Question>()
  const open = useRef<Promise<boolean>>(undefined)
  const wasSignedIn = me !== null && me !== undefined

  const prove = useCallback<Retry>(
    async (code) => {
      const kind = kinds[code]
      // Whoever was not signed in has nothing to prove: the page says what is missing.
      if (kind === undefined || !wasSignedIn) return false
      open.current ??= new Promise<boolean>((resolve) => setQuestion({ kind, answer: resolve })).finally(() => {
        open.current = undefined
        setQuestion(undefined)
      })
      return await open.current
    },
    [wasSignedIn],
  )

  const answer = question?.answer
  const title = question?.kind === 'sign-in' ? texts.signInTitle : texts.title
  return (
    <Context value={prove}>
      {children}
      <Window title={title} isOpen={question !== undefined} onClose={() => answer?.(false)}>
        {question?.kind === 'password' && <PasswordProof onProved={() => answer?.(true)} />}
        {question?.kind === 'sign-in' && (
          <>
            <Notice kind="info">{texts.signInPrompt}</Notice>
            <SignInSteps onSignedIn={() => answer?.(true)} />
          </>
        )}
      </Window>
    </Context>
  )
}

const PasswordProof = ({ onProved }: { readonly onProved: () => void }) => {
  const texts = useTexts()
  const { me } = useSession()
  const reauthenticate = useRequest(ReauthenticateDocument)
  const send = async (read: (field: string) => string) => {
    const result = await reauthenticate.run({ input: { password: read('password'), code: read('code') || null } })
    if (result?.__typename === 'ReauthenticateSuccess') onProved()
  }
  return (
    <ChangeForm submit={texts.proof.submit} isBusy={reauthenticate.isBusy} problem={reauthenticate.problem} onSend={send}>
      <p>{texts.proof.prompt}</p>
      <input className="unseen" type="text" autoComplete="username" value={me?.username ?? ''} readOnly tabIndex={-1} aria-hidden="true" />
      <PasswordField name="password" label={texts.password.label} autoComplete="current-password" autoFocus />
      {me?.twoFactorEnabled === true && (
        <Field name="code" label={texts.proof.codeLabel} hint={texts.code.hint} autoComplete="one-time-code" isRequired dir="ltr" />
      )}
    </ChangeForm>
  )
}

/** Signs in with the password, and where the account has one, with the second factor. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTexts } from '../locale.tsx'
import { ChangeForm, Field, PasswordField } from '../parts/form.tsx'
import { useRequest } from '../request.ts'
import { useSession } from '../session.tsx'
import { SignInDocument, VerifyTwoFactorDocument } from './operations.ts'

interface Props {
  readonly onSignedIn: () => void
}

export const SignInSteps = ({ onSignedIn }: Props) => {
  const [loginCode, setLoginCode] = useState<string | null>(null)
  return loginCode === null ? (
    <Password onSignedIn={onSignedIn} onLoginCode={setLoginCode} />
  ) : (
    <SecondFactor loginCode={loginCode} onSignedIn={onSignedIn} onCancel={() => setLoginCode(null)} />
  )
}

const Password = ({ onSignedIn, onLoginCode }: Props & { readonly onLoginCode: (loginCode: string) => void }) => {
  const texts = useTexts()
  const { signedInAs } = useSession()
  const signIn = useRequest(SignInDocument)
  const send = async (read: (field: string) => string) => {
    const input = { identifier: read('identifier'), password: read('password'), transport: 'COOKIE' as const }
    const result = await signIn.run({ input })
    if (result?.__typename === 'TwoFactorRequired') return onLoginCode(result.loginCode)
    if (result?.__typename !== 'SignInSuccess') return
    signedInAs(result.user)
    onSignedIn()
  }
  const problem = signIn.problem?.code === 'TWO_FACTOR_REQUIRED' ? undefined : signIn.problem
  return (
    <ChangeForm submit={texts.signIn} isBusy={signIn.isBusy} problem={problem} onSend={send}>
      <Field name="identifier" label={texts.signInPage.identifier} autoComplete="username" isRequired autoFocus />
      <PasswordField name="password" label={texts.password.label} autoComplete="current-password" />
    </ChangeForm>
  )
}

const SecondFactor = ({ loginCode, onSignedIn, onCancel }: Props & { readonly loginCode: string; readonly onCancel: () => void }) => {
  const texts = useTexts()
  const { signedInAs } = useSession()
  const verify = useRequest(VerifyTwoFactorDocument)
  const send = async (read: (field: string) => string) => {
    const result = await verify.run({ input: { loginCode, code: read('code'), transport: 'COOKIE' } })
    if (result?.__typename !== 'SignInSuccess') return
    signedInAs(result.user)
    onSignedIn()
  }
  const startAgain = (
    <Button className="button" onPress={onCancel}>
      {texts.signInPage.startAgain}
    </Button>
  )
  return (
    <ChangeForm submit={texts.signInPage.continue} isBusy={verify.isBusy} problem={verify.problem} onSend={send} actions={startAgain}>
      <p>{texts.signInPage.codePrompt}</p>
      <Field name="code" label={texts.code.label} hint={texts.code.hint} autoComplete="one-time-code" isRequired autoFocus dir="ltr" />
    </ChangeForm>
  )
}

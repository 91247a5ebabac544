/** Signs in with the password, and if the account has one, with the second factor. */
import { useState } from 'react'
import { useMutation } from 'urql'
import { keepTokens } from '../shared/tokens.ts'
import { tokensOf } from './credentials.ts'
import { failureOf } from './failure.ts'
import { Field, Form, Section } from './form.tsx'
import { SignInDocument, type SignInInput, VerifyTwoFactorDocument } from './operations.ts'

export const SignIn = () => {
  const [loginCode, setLoginCode] = useState<string | null>(null)
  return (
    <Section title="Sign in">
      {loginCode === null ? (
        <Password onLoginCode={setLoginCode} />
      ) : (
        <SecondFactor loginCode={loginCode} onCancel={() => setLoginCode(null)} />
      )}
    </Section>
  )
}

const Password = ({ onLoginCode }: { readonly onLoginCode: (loginCode: string) => void }) => {
  const [{ fetching, error, data }, signIn] = useMutation(SignInDocument)
  const send = async (input: SignInInput) => {
    const result = (await signIn({ input })).data?.signIn
    if (result?.__typename === 'SignInSuccess') keepTokens({ accountId: result.user.id, ...tokensOf(result.credentials) })
    if (result?.__typename === 'TwoFactorRequired') onLoginCode(result.loginCode)
  }
  return (
    <Form
      submit="Sign in"
      isBusy={fetching}
      failure={failureOf(error, data?.signIn)}
      onSend={(read) => send({ identifier: read('identifier'), password: read('password') })}
    >
      <Field label="Username or e-mail address" name="identifier" autoComplete="username" required />
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
    </Form>
  )
}

const SecondFactor = ({ loginCode, onCancel }: { readonly loginCode: string; readonly onCancel: () => void }) => {
  const [{ fetching, error, data }, verify] = useMutation(VerifyTwoFactorDocument)
  const send = async (code: string) => {
    const result = (await verify({ input: { loginCode, code } })).data?.verifyTwoFactor
    if (result?.__typename === 'SignInSuccess') keepTokens({ accountId: result.user.id, ...tokensOf(result.credentials) })
  }
  return (
    <>
      <Form submit="Continue" isBusy={fetching} failure={failureOf(error, data?.verifyTwoFactor)} onSend={(read) => send(read('code'))}>
        <Field label="Code of your authenticator app, or a recovery code" name="code" autoComplete="one-time-code" required />
      </Form>
      <button type="button" onClick={onCancel}>
        Start again
      </button>
    </>
  )
}

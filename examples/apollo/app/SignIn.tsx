import { useMutation } from '@apollo/client/react'
import { SignInDocument, VerifyTwoFactorDocument } from '../operations.ts'
import { refusalOf } from './Failure.tsx'
import { Field, Form } from './Form.tsx'
import { transport } from './transport.ts'

export function SignIn() {
  const [signIn, { data, error, loading, reset }] = useMutation(SignInDocument, {
    onCompleted: ({ signIn }) => {
      if (signIn.__typename === 'SignInSuccess') transport.begin(signIn)
    },
  })
  const result = data?.signIn
  if (result?.__typename === 'TwoFactorRequired') return <SecondFactor loginCode={result.loginCode} onBack={reset} />
  const submit = (field: (name: string) => string) => {
    const input = { identifier: field('identifier'), password: field('password'), transport: transport.name }
    void signIn({ variables: { input } })
  }
  return (
    <>
      <h1>Sign in</h1>
      <Form action="Sign in" refusal={refusalOf(result)} error={error} isBusy={loading} onSubmit={submit}>
        <Field name="identifier" label="E-mail address or username" autoComplete="username" required />
        <Field name="password" label="Password" type="password" autoComplete="current-password" required />
      </Form>
    </>
  )
}

interface SecondFactorProps {
  readonly loginCode: string
  readonly onBack: () => void
}

function SecondFactor({ loginCode, onBack }: SecondFactorProps) {
  const [verify, { data, error, loading }] = useMutation(VerifyTwoFactorDocument, {
    onCompleted: ({ verifyTwoFactor }) => {
      if (verifyTwoFactor.__typename === 'SignInSuccess') transport.begin(verifyTwoFactor)
    },
  })
  const submit = (field: (name: string) => string) =>
    void verify({ variables: { input: { loginCode, code: field('code'), transport: transport.name } } })
  return (
    <>
      <h1>Second factor</h1>
      <Form action="Verify" refusal={refusalOf(data?.verifyTwoFactor)} error={error} isBusy={loading} onSubmit={submit}>
        <Field name="code" label="Code of the app, or a recovery code" autoComplete="one-time-code" required />
      </Form>
      <button type="button" onClick={onBack}>
        Back
      </button>
    </>
  )
}

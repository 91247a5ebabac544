import { useState } from 'react'
import { graphql } from 'react-relay'
import { keepTokens } from '../../shared/tokens.ts'
import type { SignInMutation } from './__generated__/SignInMutation.graphql.ts'
import { toTokens } from './credentials.ts'
import { Field, Form } from './Form.tsx'
import { SecondFactor } from './SecondFactor.tsx'
import { useOperation } from './useOperation.ts'

export const SignIn = () => {
  const [loginCode, setLoginCode] = useState<string | null>(null)
  const { run, isPending, failure } = useOperation<SignInMutation>(graphql`
    mutation SignInMutation($input: SignInInput!) {
      result: signIn(input: $input) {
        ... on SignInSuccess @alias(as: "success") { user { id } credentials { accessToken { token } refreshToken { token } } }
        ... on TwoFactorRequired @alias(as: "secondFactor") { loginCode }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  if (loginCode !== null) return <SecondFactor loginCode={loginCode} onBack={() => setLoginCode(null)} />
  return (
    <Form
      title="Sign in"
      button="Sign in"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) =>
        run({ input: { identifier: value('identifier'), password: value('password') } }, ({ success, secondFactor }) => {
          if (success) keepTokens({ accountId: success.user.id, ...toTokens(success.credentials) })
          if (secondFactor) setLoginCode(secondFactor.loginCode)
        })
      }
    >
      <Field label="E-mail address or username" name="identifier" autoComplete="username" />
      <Field label="Password" name="password" type="password" autoComplete="current-password" />
    </Form>
  )
}

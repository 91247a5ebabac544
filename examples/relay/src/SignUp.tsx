import { graphql } from 'react-relay'
import { keepTokens } from '../../shared/tokens.ts'
import type { SignUpMutation } from './__generated__/SignUpMutation.graphql.ts'
import { toTokens } from './credentials.ts'
import { Field, Form } from './Form.tsx'
import { useOperation } from './useOperation.ts'

export const SignUp = () => {
  const { run, isPending, failure } = useOperation<SignUpMutation>(graphql`
    mutation SignUpMutation($input: SignUpInput!) {
      result: signUp(input: $input) {
        ... on SignUpSuccess @alias(as: "success") {
          user { id }
          credentials @required(action: NONE) { accessToken { token } refreshToken { token } }
        }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <Form
      title="Sign up"
      button="Sign up"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) =>
        run({ input: { name: value('name'), email: value('email'), password: value('password') } }, ({ success }) => {
          if (success) keepTokens({ accountId: success.user.id, ...toTokens(success.credentials) })
        })
      }
    >
      <Field label="Name" name="name" autoComplete="name" />
      <Field label="E-mail address" name="email" type="email" autoComplete="email" />
      <Field label="Password" name="password" type="password" autoComplete="new-password" />
    </Form>
  )
}

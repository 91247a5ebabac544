import { graphql } from 'react-relay'
import { keepTokens } from '../../shared/tokens.ts'
import type { SecondFactorMutation } from './__generated__/SecondFactorMutation.graphql.ts'
import { toTokens } from './credentials.ts'
import { Field, Form } from './Form.tsx'
import { useOperation } from './useOperation.ts'

interface Props {
  /** Comes from the first step of the sign-in. */
  readonly loginCode: string
  readonly onBack: () => void
}

/** The second step of a sign-in. */
export const SecondFactor = ({ loginCode, onBack }: Props) => {
  const { run, isPending, failure } = useOperation<SecondFactorMutation>(graphql`
    mutation SecondFactorMutation($input: VerifyTwoFactorInput!) {
      result: verifyTwoFactor(input: $input) {
        ... on SignInSuccess @alias(as: "success") { user { id } credentials { accessToken { token } refreshToken { token } } }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <Form
      title="Second factor"
      button="Continue"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) =>
        run({ input: { loginCode, code: value('code') } }, ({ success }) => {
          if (success) keepTokens({ accountId: success.user.id, ...toTokens(success.credentials) })
        })
      }
    >
      <Field label="Code of your authenticator app" name="code" autoComplete="one-time-code" inputMode="numeric" />
      <button type="button" onClick={onBack}>
        Back
      </button>
    </Form>
  )
}

import { graphql } from 'react-relay'
import type { TwoFactorConfirmMutation } from './__generated__/TwoFactorConfirmMutation.graphql.ts'
import { Field, Form } from './Form.tsx'
import { useOperation } from './useOperation.ts'

interface Props {
  readonly secret: string
  readonly qrCode: string
  readonly onRecoveryCodes: (codes: readonly string[]) => void
}

/** The answer has the changed account with the fields that TwoFactor shows, so the page changes without a query. */
export const TwoFactorConfirm = ({ secret, qrCode, onRecoveryCodes }: Props) => {
  const { run, isPending, failure } = useOperation<TwoFactorConfirmMutation>(graphql`
    mutation TwoFactorConfirmMutation($input: ConfirmTwoFactorEnrollmentInput!) {
      result: confirmTwoFactorEnrollment(input: $input) {
        ... on ConfirmTwoFactorEnrollmentSuccess @alias(as: "success") { recoveryCodes user { ...TwoFactor_user } }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <Form
      title="Turn the second factor on"
      button="Confirm"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) =>
        run({ input: { code: value('code') } }, ({ success }) => {
          if (success) onRecoveryCodes(success.recoveryCodes)
        })
      }
    >
      <p>Scan this code with an authenticator app, or type the secret into it.</p>
      <img src={qrCode} alt="The secret as a QR code" />
      <p>
        Secret: <code>{secret}</code>
      </p>
      <Field label="Code of the app" name="code" autoComplete="one-time-code" inputMode="numeric" />
    </Form>
  )
}

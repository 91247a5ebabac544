import { useMutation } from '@apollo/client/react'
import { BeginTwoFactorEnrollmentDocument, ConfirmTwoFactorEnrollmentDocument } from '../operations.ts'
import { Failure, refusalOf } from './Failure.tsx'
import { Field, Form } from './Form.tsx'
import type { Me } from './Profile.tsx'
import { Reauthenticate } from './Reauthenticate.tsx'
import { Section } from './Section.tsx'

export function TwoFactor({ me }: { readonly me: Me }) {
  const [begin, { data, error, loading, reset }] = useMutation(BeginTwoFactorEnrollmentDocument)
  const [confirm, confirmation] = useMutation(ConfirmTwoFactorEnrollmentDocument)
  const begun = data?.beginTwoFactorEnrollment
  const confirmed = confirmation.data?.confirmTwoFactorEnrollment
  const refusal = refusalOf(begun)
  return (
    <Section title="Second factor">
      <p>{me.twoFactorEnabled ? `On. You have ${me.recoveryCodesLeft} recovery codes.` : 'Off.'}</p>
      {confirmed?.__typename === 'ConfirmTwoFactorEnrollmentSuccess' && (
        <p>Keep these recovery codes, they are shown only once: {confirmed.recoveryCodes.join(' ')}</p>
      )}
      {!me.twoFactorEnabled && begun?.__typename === 'BeginTwoFactorEnrollmentSuccess' && (
        <>
          <img src={begun.qrCode} alt="QR code of the secret" />
          <p>
            Scan it with an authenticator app, or type <code>{begun.secret}</code>
          </p>
          <Form
            action="Turn on"
            refusal={refusalOf(confirmed)}
            error={confirmation.error}
            isBusy={confirmation.loading}
            onSubmit={(field) => void confirm({ variables: { input: { code: field('code') } } })}
          >
            <Field name="code" label="Code of the app" autoComplete="one-time-code" required />
          </Form>
        </>
      )}
      {!me.twoFactorEnabled && begun?.__typename !== 'BeginTwoFactorEnrollmentSuccess' && (
        <button type="button" disabled={loading} onClick={() => void begin()}>
          Set up
        </button>
      )}
      <Failure of={refusal ?? error} />
      {refusal?.code === 'REAUTHENTICATION_REQUIRED' && <Reauthenticate onDone={reset} />}
    </Section>
  )
}

/** Turns the second factor on: the answer has the account, so the page is right without another query. */
import { useMutation } from 'urql'
import { failureOf } from './failure.ts'
import { Field, Form, Section } from './form.tsx'
import { BeginTwoFactorEnrollmentDocument, ConfirmTwoFactorEnrollmentDocument } from './operations.ts'
import { Reauthenticate } from './reauthenticate.tsx'

export const TwoFactor = ({ isEnabled }: { readonly isEnabled: boolean }) => {
  const [begun, begin] = useMutation(BeginTwoFactorEnrollmentDocument)
  const [confirmed, confirm] = useMutation(ConfirmTwoFactorEnrollmentDocument)
  const enrollment = begun.data?.beginTwoFactorEnrollment
  const confirmation = confirmed.data?.confirmTwoFactorEnrollment
  const failure = failureOf(begun.error, enrollment)
  return (
    <Section title="Second factor">
      <p>The second factor is {isEnabled ? 'on' : 'off'}.</p>
      {failure?.code === 'REAUTHENTICATION_REQUIRED' ? (
        <Reauthenticate onDone={() => begin({})} />
      ) : (
        failure !== undefined && <p role="alert">{failure.message}</p>
      )}
      {!isEnabled && enrollment?.__typename !== 'BeginTwoFactorEnrollmentSuccess' && (
        <button type="button" disabled={begun.fetching} onClick={() => begin({})}>
          Turn on
        </button>
      )}
      {!isEnabled && enrollment?.__typename === 'BeginTwoFactorEnrollmentSuccess' && (
        <Form
          submit="Confirm"
          isBusy={confirmed.fetching}
          failure={failureOf(confirmed.error, confirmation)}
          onSend={(read) => confirm({ input: { code: read('code') } })}
        >
          <p>
            Scan this with your authenticator app, or type in the secret <code>{enrollment.secret}</code>.
          </p>
          <img src={enrollment.qrCode} alt="QR code of the secret" />
          <Field label="Code that the app shows" name="code" autoComplete="one-time-code" required />
        </Form>
      )}
      {confirmation?.__typename === 'ConfirmTwoFactorEnrollmentSuccess' && <RecoveryCodes codes={confirmation.recoveryCodes} />}
    </Section>
  )
}

const RecoveryCodes = ({ codes }: { readonly codes: readonly string[] }) => (
  <>
    <p>Keep these recovery codes for the day on which you lose your device. They are shown only now.</p>
    <ul aria-label="Recovery codes">
      {codes.map((code) => (
        <li key={code}>
          <code>{code}</code>
        </li>
      ))}
    </ul>
  </>
)

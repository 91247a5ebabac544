/** Asks for the password again, for an operation that failed with `REAUTHENTICATION_REQUIRED`. */
import { useMutation } from 'urql'
import { failureOf } from './failure.ts'
import { Field, Form } from './form.tsx'
import { ReauthenticateDocument, type ReauthenticateInput } from './operations.ts'

export const Reauthenticate = ({ onDone }: { readonly onDone: () => void }) => {
  const [{ fetching, error, data }, reauthenticate] = useMutation(ReauthenticateDocument)
  const send = async (input: ReauthenticateInput) => {
    const result = (await reauthenticate({ input })).data?.reauthenticate
    if (result?.__typename === 'ReauthenticateSuccess') onDone()
  }
  return (
    <Form
      submit="Confirm"
      isBusy={fetching}
      failure={failureOf(error, data?.reauthenticate)}
      onSend={(read) => send({ password: read('password'), code: read('code') || null })}
    >
      <p>Your sign-in is too long ago for this. Please confirm that it is you.</p>
      <Field label="Password" name="password" type="password" autoComplete="current-password" required />
      <Field label="Code, if you have a second factor" name="code" autoComplete="one-time-code" />
    </Form>
  )
}

import { useMutation } from '@apollo/client/react'
import { ReauthenticateDocument } from '../operations.ts'
import { refusalOf } from './Failure.tsx'
import { Field, Form } from './Form.tsx'

interface ReauthenticateProps {
  /** What is shown after that: the action can be tried again. */
  readonly onDone: () => void
}

/** For an action that failed with `REAUTHENTICATION_REQUIRED`: the sign-in was too long ago. */
export function Reauthenticate({ onDone }: ReauthenticateProps) {
  const [reauthenticate, { data, error, loading }] = useMutation(ReauthenticateDocument, {
    onCompleted: ({ reauthenticate }) => {
      if (reauthenticate.__typename === 'ReauthenticateSuccess') onDone()
    },
  })
  const submit = (field: (name: string) => string) =>
    void reauthenticate({ variables: { input: { password: field('password'), code: field('code') || null } } })
  return (
    <Form action="Confirm" refusal={refusalOf(data?.reauthenticate)} error={error} isBusy={loading} onSubmit={submit}>
      <Field name="password" label="Your password" type="password" autoComplete="current-password" required />
      <Field name="code" label="Code, if you have a second factor" autoComplete="one-time-code" />
    </Form>
  )
}

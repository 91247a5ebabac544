import { graphql } from 'react-relay'
import type { ReauthenticateMutation } from './__generated__/ReauthenticateMutation.graphql.ts'
import { Field, Form } from './Form.tsx'
import { useOperation } from './useOperation.ts'

/** Some changes need a recent check of the password. The tokens stay the same. */
export const Reauthenticate = () => {
  const { run, isPending, failure } = useOperation<ReauthenticateMutation>(graphql`
    mutation ReauthenticateMutation($input: ReauthenticateInput!) {
      result: reauthenticate(input: $input) {
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <Form
      title="Password"
      button="Confirm password"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) => run({ input: { password: value('password'), code: value('code') || null } })}
    >
      <Field label="Your password" name="password" type="password" autoComplete="current-password" />
      <Field label="Code of your second factor, if it is on" name="code" autoComplete="one-time-code" inputMode="numeric" />
    </Form>
  )
}

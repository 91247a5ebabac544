import { graphql } from 'react-relay'
import type { RenameMutation } from './__generated__/RenameMutation.graphql.ts'
import { Field, Form } from './Form.tsx'
import { useOperation } from './useOperation.ts'

/** The answer has the id and the new name of the account, so Relay shows the name wherever the account is on the page. */
export const Rename = ({ name }: { readonly name: string }) => {
  const { run, isPending, failure } = useOperation<RenameMutation>(graphql`
    mutation RenameMutation($input: UpdateProfileInput!) {
      result: updateProfile(input: $input) {
        ... on UpdateProfileSuccess @alias(as: "success") { user { name } }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <Form
      title="Name"
      button="Rename"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) => run({ input: { name: value('name') } })}
    >
      <Field label="Full name" name="name" autoComplete="name" defaultValue={name} />
    </Form>
  )
}

import { useState } from 'react'
import { graphql } from 'react-relay'
import type { CreateAccessTokenMutation } from './__generated__/CreateAccessTokenMutation.graphql.ts'
import { Field, Form } from './Form.tsx'
import { useOperation } from './useOperation.ts'

const MONTH = 30 * 24 * 3_600_000

/** The answer has the account with its new list of tokens, so that the list above is right. */
export const CreateAccessToken = () => {
  const [token, setToken] = useState<string | null>(null)
  const { run, isPending, failure } = useOperation<CreateAccessTokenMutation>(graphql`
    mutation CreateAccessTokenMutation($input: CreatePersonalAccessTokenInput!) {
      result: createPersonalAccessToken(input: $input) {
        ... on CreatePersonalAccessTokenSuccess @alias(as: "success") { token user { ...AccessTokens_user } }
        ... on Error @alias(as: "failure") { code message fieldErrors { field message } }
      }
    }
  `)
  return (
    <Form
      title="New access token"
      button="Create"
      isPending={isPending}
      failure={failure}
      onSubmit={(value) => {
        const expiresAt = new Date(Date.now() + MONTH).toISOString()
        run({ input: { name: value('name'), scopes: [], expiresAt } }, ({ success }) => setToken(success?.token ?? null))
      }}
    >
      <Field label="Name of the token" name="name" autoComplete="off" />
      {token !== null && (
        <p role="status">
          Copy the token now, it is shown only once: <code>{token}</code>
        </p>
      )}
    </Form>
  )
}

import { useMutation, useQuery } from '@apollo/client/react'
import { AccessTokensDocument, CreateAccessTokenDocument, RevokeAccessTokenDocument } from '../operations.ts'
import { Failure, refusalOf } from './Failure.tsx'
import { Field, Form } from './Form.tsx'
import { Reauthenticate } from './Reauthenticate.tsx'
import { Section } from './Section.tsx'

const DAY = 86_400_000

export function AccessTokens() {
  const { data, error } = useQuery(AccessTokensDocument)
  const [create, creation] = useMutation(CreateAccessTokenDocument)
  const [revoke, revocation] = useMutation(RevokeAccessTokenDocument)
  const created = creation.data?.createPersonalAccessToken
  const refusal = refusalOf(created)
  const submit = (field: (name: string) => string) => {
    const expiresAt = new Date(Date.now() + 30 * DAY).toISOString()
    void create({ variables: { input: { name: field('name'), scopes: [], expiresAt } } })
  }
  return (
    <Section title="Personal access tokens">
      <Failure of={error ?? refusalOf(revocation.data?.revokePersonalAccessToken) ?? revocation.error} />
      <ul>
        {data?.me?.personalAccessTokens.map(({ id, name, expiresAt }) => (
          <li key={id}>
            {name}, until {new Date(expiresAt).toLocaleDateString()}{' '}
            <button
              type="button"
              aria-label={`Revoke ${name}`}
              disabled={revocation.loading}
              onClick={() => void revoke({ variables: { input: { id } } })}
            >
              Revoke
            </button>
          </li>
        ))}
      </ul>
      <Form action="Create" refusal={refusal} error={creation.error} isBusy={creation.loading} onSubmit={submit}>
        <Field name="name" label="Name of the token" required />
      </Form>
      {created?.__typename === 'CreatePersonalAccessTokenSuccess' && (
        <p>
          Copy the token, it is shown only once: <code>{created.token}</code>
        </p>
      )}
      {refusal?.code === 'REAUTHENTICATION_REQUIRED' && <Reauthenticate onDone={creation.reset} />}
    </Section>
  )
}

/** Your personal access tokens. Creating and revoking one answers with the list, so it is right without another query. */
import { useMutation, useQuery } from 'urql'
import { failureOf, messageOf } from './failure.ts'
import { Field, Form, Section } from './form.tsx'
import { CreatePersonalAccessTokenDocument, PersonalAccessTokensDocument, RevokePersonalAccessTokenDocument } from './operations.ts'
import { Reauthenticate } from './reauthenticate.tsx'

const THIRTY_DAYS = 30 * 24 * 3_600_000

export const PersonalAccessTokens = () => {
  const [{ data, error }] = useQuery({ query: PersonalAccessTokensDocument })
  const [revoked, revoke] = useMutation(RevokePersonalAccessTokenDocument)
  const failure = failureOf(revoked.error, revoked.data?.revokePersonalAccessToken)
  return (
    <Section title="Personal access tokens">
      {error !== undefined && <p role="alert">{messageOf(error)}</p>}
      {failure !== undefined && <p role="alert">{failure.message}</p>}
      <ul>
        {data?.me?.personalAccessTokens.map(({ id, name, expiresAt }) => (
          <li key={id}>
            {name}, until <time dateTime={expiresAt}>{new Date(expiresAt).toLocaleDateString()}</time>{' '}
            <button type="button" disabled={revoked.fetching} onClick={() => revoke({ input: { id } })}>
              Revoke {name}
            </button>
          </li>
        ))}
      </ul>
      <NewToken />
    </Section>
  )
}

/** A token for a month, with the least rights. */
const NewToken = () => {
  const [created, create] = useMutation(CreatePersonalAccessTokenDocument)
  const result = created.data?.createPersonalAccessToken
  const failure = failureOf(created.error, result)
  const isTooOld = failure?.code === 'REAUTHENTICATION_REQUIRED'
  const send = (name: string) => create({ input: { name, scopes: [], expiresAt: new Date(Date.now() + THIRTY_DAYS).toISOString() } })
  return (
    <>
      <Form
        submit="Create a token"
        isBusy={created.fetching}
        failure={isTooOld ? undefined : failure}
        onSend={(read) => send(read('name'))}
      >
        <Field label="Name of the token" name="name" required />
      </Form>
      {isTooOld && <Reauthenticate onDone={() => send(created.operation?.variables.input.name ?? '')} />}
      {result?.__typename === 'CreatePersonalAccessTokenSuccess' && (
        <p>
          Copy the token now, because it is not shown again: <code>{result.token}</code>
        </p>
      )}
    </>
  )
}

/** Your sessions. Ending one answers with those that are left, so the list is right without another query. */
import { useMutation, useQuery } from 'urql'
import { failureOf, messageOf } from './failure.ts'
import { Section } from './form.tsx'
import { EndSessionDocument, SessionsDocument } from './operations.ts'

export const Sessions = () => {
  const [{ data, error }] = useQuery({ query: SessionsDocument })
  const [ended, endSession] = useMutation(EndSessionDocument)
  const failure = failureOf(ended.error, ended.data?.endSession)
  return (
    <Section title="Sessions">
      {error !== undefined && <p role="alert">{messageOf(error)}</p>}
      {failure !== undefined && <p role="alert">{failure.message}</p>}
      <ul>
        {data?.me?.sessions.map(({ id, current, userAgent, createdAt }) => (
          <li key={id}>
            {userAgent ?? 'An unknown program'}, since <time dateTime={createdAt}>{new Date(createdAt).toLocaleString()}</time>{' '}
            {current ? (
              <strong>This session</strong>
            ) : (
              <button type="button" disabled={ended.fetching} onClick={() => endSession({ input: { id } })}>
                End the session of {userAgent ?? 'an unknown program'}
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

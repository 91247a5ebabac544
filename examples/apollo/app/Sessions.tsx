import { useMutation, useQuery } from '@apollo/client/react'
import { EndSessionDocument, SessionsDocument } from '../operations.ts'
import { Failure, refusalOf } from './Failure.tsx'
import { Section } from './Section.tsx'

/** The mutation returns `user { id sessions { id } }`: the cache has the other fields of each session. */
export function Sessions() {
  const { data, error } = useQuery(SessionsDocument)
  const [end, ending] = useMutation(EndSessionDocument)
  return (
    <Section title="Sessions">
      <Failure of={error ?? refusalOf(ending.data?.endSession) ?? ending.error} />
      <ul>
        {data?.me?.sessions.map(({ id, current, createdAt, userAgent }) => (
          <li key={id}>
            {userAgent ?? 'An unknown program'}, since {new Date(createdAt).toLocaleString()}{' '}
            {current ? (
              '(this session)'
            ) : (
              <button
                type="button"
                aria-label={`End the session of ${userAgent ?? 'an unknown program'}`}
                disabled={ending.loading}
                onClick={() => void end({ variables: { input: { id } } })}
              >
                End
              </button>
            )}
          </li>
        ))}
      </ul>
    </Section>
  )
}

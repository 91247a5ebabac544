import { useMutation } from '@apollo/client/react'
import { type MeQuery, SignOutDocument, UpdateProfileDocument } from '../operations.ts'
import { Failure, refusalOf } from './Failure.tsx'
import { Field, Form } from './Form.tsx'
import { Section } from './Section.tsx'
import { transport } from './transport.ts'

export type Me = NonNullable<MeQuery['me']>

/** The mutation returns `user { id name }`: so the new name appears everywhere on the page. */
export function Profile({ me }: { readonly me: Me }) {
  const [update, { data, error, loading }] = useMutation(UpdateProfileDocument)
  const submit = (field: (name: string) => string) => void update({ variables: { input: { name: field('name') } } })
  return (
    <Section title="Profile">
      <p>{me.email}</p>
      <Form action="Rename" refusal={refusalOf(data?.updateProfile)} error={error} isBusy={loading} onSubmit={submit}>
        <Field name="name" label="Name" defaultValue={me.name} autoComplete="name" />
      </Form>
      <SignOut />
    </Section>
  )
}

function SignOut() {
  const [signOut, { data, error, loading }] = useMutation(SignOutDocument, {
    onCompleted: ({ signOut }) => {
      if (signOut.__typename === 'SignOutSuccess') transport.end()
    },
  })
  return (
    <>
      <button type="button" disabled={loading} onClick={() => void signOut()}>
        Sign out
      </button>
      <Failure of={refusalOf(data?.signOut) ?? error} />
    </>
  )
}

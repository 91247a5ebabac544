/** The page of somebody who is signed in. Each part asks for its own data, at the same time. */
import { useMutation, useQuery } from 'urql'
import { dropTokens } from '../shared/tokens.ts'
import { failureOf, messageOf } from './failure.ts'
import { Field, Form, Section } from './form.tsx'
import { MeDocument, SignOutDocument, UpdateProfileDocument } from './operations.ts'
import { PersonalAccessTokens } from './personalAccessTokens.tsx'
import { Sessions } from './sessions.tsx'
import { TwoFactor } from './twoFactor.tsx'
import { Users } from './users.tsx'

export const Account = () => {
  const [{ data, error }] = useQuery({ query: MeDocument })
  return (
    <>
      <h1>{data?.me?.name ?? 'Your account'}</h1>
      <SignOut />
      {error !== undefined && <p role="alert">{messageOf(error)}</p>}
      {data?.me && <Profile name={data.me.name} email={data.me.email} />}
      {data?.me && <TwoFactor isEnabled={data.me.twoFactorEnabled} />}
      <Sessions />
      <PersonalAccessTokens />
      {data?.me?.isAdmin && <Users />}
    </>
  )
}

/** The tokens are dropped even if the server cannot be reached. */
const SignOut = () => {
  const [{ fetching }, signOut] = useMutation(SignOutDocument)
  return (
    <button type="button" disabled={fetching} onClick={() => signOut({}).then(dropTokens)}>
      Sign out
    </button>
  )
}

const Profile = ({ name, email }: { readonly name: string; readonly email: string | null }) => {
  const [{ fetching, error, data }, updateProfile] = useMutation(UpdateProfileDocument)
  return (
    <Section title="Profile">
      <p>E-mail address: {email ?? 'none'}</p>
      <Form
        submit="Rename"
        isBusy={fetching}
        failure={failureOf(error, data?.updateProfile)}
        onSend={(read) => updateProfile({ input: { name: read('name') } })}
      >
        <Field label="Name" name="name" autoComplete="name" defaultValue={name} />
      </Form>
    </Section>
  )
}

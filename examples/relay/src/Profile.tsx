import { graphql, useLazyLoadQuery } from 'react-relay'
import type { ProfileQuery } from './__generated__/ProfileQuery.graphql.ts'
import { Reauthenticate } from './Reauthenticate.tsx'
import { Rename } from './Rename.tsx'
import { TwoFactor } from './TwoFactor.tsx'

export const Profile = ({ attempt }: { readonly attempt: number }) => {
  const { me } = useLazyLoadQuery<ProfileQuery>(
    graphql`
      query ProfileQuery {
        me { name username email ...TwoFactor_user }
      }
    `,
    {},
    { fetchKey: attempt },
  )
  if (!me) return null
  return (
    <>
      <p>
        Signed in as <strong>{me.name}</strong> ({me.email ?? me.username})
      </p>
      <Rename name={me.name} />
      <Reauthenticate />
      <TwoFactor user={me} />
    </>
  )
}

import { useQuery } from '@apollo/client/react'
import { useEffect } from 'react'
import { MeDocument } from '../operations.ts'
import { AccessTokens } from './AccessTokens.tsx'
import { Accounts } from './Accounts.tsx'
import { Failure } from './Failure.tsx'
import { Profile } from './Profile.tsx'
import { Sessions } from './Sessions.tsx'
import { TwoFactor } from './TwoFactor.tsx'
import { transport } from './transport.ts'

/** Each section has its own query; they are sent at the same time. */
export function AccountPage() {
  const { data, error } = useQuery(MeDocument)
  const me = data?.me
  useEffect(() => {
    // There was no cookie.
    if (me === null) transport.end()
  }, [me])
  return (
    <>
      <h1>{me == null ? 'Your account' : me.name}</h1>
      <Failure of={error} />
      {me != null && (
        <>
          <Profile me={me} />
          <TwoFactor me={me} />
        </>
      )}
      <Sessions />
      <AccessTokens />
      <Accounts />
    </>
  )
}

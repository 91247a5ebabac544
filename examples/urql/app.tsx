/** Shows the account if somebody is signed in, and the forms to sign in and sign up if not. */
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { Provider } from 'urql'
import { onTokens, readAccount } from '../shared/tokens.ts'
import { Account } from './account.tsx'
import { createApiClient } from './client.ts'
import { SignIn } from './signIn.tsx'
import { SignUp } from './signUp.tsx'

/** Each account begins with a new client, because its cache is empty: nobody sees what somebody else has read. */
const Session = ({ children }: { readonly children: ReactNode }) => {
  const [client] = useState(createApiClient)
  return <Provider value={client}>{children}</Provider>
}

/** Signing in, signing out and the end of a session only change the tokens; every tab follows them here. */
export const App = () => {
  const account = useSyncExternalStore(onTokens, readAccount)
  return account !== null ? (
    <Session key={account}>
      <Account />
    </Session>
  ) : (
    <Session key="signed out">
      <h1>Welcome</h1>
      <SignIn />
      <SignUp />
    </Session>
  )
}

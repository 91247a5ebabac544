import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { RelayEnvironmentProvider } from 'react-relay'
import { onTokens, readAccount } from '../../shared/tokens.ts'
import { createEnvironment } from './environment.ts'
import { SignedIn } from './SignedIn.tsx'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'

const WithEmptyCache = ({ children }: { readonly children: ReactNode }) => {
  const [environment] = useState(createEnvironment)
  return <RelayEnvironmentProvider environment={environment}>{children}</RelayEnvironmentProvider>
}

/** Shows the forms as soon as the tokens are gone, whichever tab or answer of the server removed them. */
export const App = () => {
  const account = useSyncExternalStore(onTokens, readAccount)
  return (
    <main>
      <h1>Accounts</h1>
      {/* The key makes a new environment for each account, so that none sees the cache of another. */}
      <WithEmptyCache key={account}>
        {account !== null ? (
          <SignedIn />
        ) : (
          <>
            <SignIn />
            <SignUp />
          </>
        )}
      </WithEmptyCache>
    </main>
  )
}

import { useState, useSyncExternalStore } from 'react'
import { AccountPage } from './AccountPage.tsx'
import { SignIn } from './SignIn.tsx'
import { SignUp } from './SignUp.tsx'
import { transport } from './transport.ts'

export function App() {
  const account = useSyncExternalStore(transport.subscribe, transport.account)
  return <main>{account === null ? <Welcome /> : <AccountPage key={account} />}</main>
}

function Welcome() {
  const [isNew, setIsNew] = useState(false)
  return (
    <>
      {isNew ? <SignUp /> : <SignIn />}
      <button type="button" onClick={() => setIsNew(!isNew)}>
        {isNew ? 'I have an account' : 'Create an account'}
      </button>
    </>
  )
}

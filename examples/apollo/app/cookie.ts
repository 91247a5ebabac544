/** A session in a cookie, which scripts cannot see: whether there is one is known from the answers of the server. */
import { ApolloLink, HttpLink } from '@apollo/client'
import { ErrorLink } from '@apollo/client/link/error'
import { isUnauthenticated, uri } from './api.ts'

let isSignedIn = true
const listeners = new Set<() => void>()

const change = (next: boolean): void => {
  if (next === isSignedIn) return
  isSignedIn = next
  for (const listener of listeners) listener()
}

const notice = new ErrorLink(({ error }) => {
  if (isUnauthenticated(error)) change(false)
})

export const cookie = {
  name: 'COOKIE',
  link: ApolloLink.from([notice, new HttpLink({ uri, credentials: 'include', headers: { 'x-csrf-protection': '1' } })]),
  account: () => (isSignedIn ? 'the one of the cookie' : null),
  subscribe: (listener: () => void) => {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
  begin: () => change(true),
  end: () => change(false),
} as const

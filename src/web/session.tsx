/**
 * Who is signed in. Tabs tell each other when that changes; a tab that comes back to the front asks again. When another account signs in,
 * the page begins anew, so that it never shows what belongs to somebody else.
 */
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { type Client, useClient } from 'urql'
import { useLocale } from './locale.tsx'
import { type Problem, problemOfRequest } from './problem.ts'
import { MeDocument, type SignedInFragment, SignOutDocument } from './visitor/operations.ts'

export type Me = SignedInFragment

interface Session {
  /** Null if nobody is signed in; undefined while that is not known. */
  readonly me: Me | null | undefined
  /** Why it could not be found out. */
  readonly problem: Problem | undefined
  /** Asks the server again. */
  refresh(): Promise<void>
  /** After a sign-in or a change of one's own account in this tab. */
  signedInAs(me: Me): void
  /** Resolves with whether the session has ended. */
  signOut(): Promise<boolean>
  /** After the session has ended in another way, such as the end of the account. */
  ended(): void
}

const Context = createContext<Session | undefined>(undefined)

export const useSession = (): Session => {
  const session = use(Context)
  if (session === undefined) throw new Error('useSession needs a SessionProvider')
  return session
}

/** The account, where the page is shown only to those who are signed in. */
export const useMe = (): Me => {
  const { me } = useSession()
  if (me === null || me === undefined) throw new Error('useMe needs somebody who is signed in')
  return me
}

const readMe = async (client: Client) => await client.query(MeDocument, {}, { requestPolicy: 'network-only' }).toPromise()

export const SessionProvider = ({ children }: { readonly children: ReactNode }) => {
  const client = useClient()
  const { choose } = useLocale()
  const [me, setMe] = useState<Me | null>()
  const [problem, setProblem] = useState<Problem>()
  const known = useRef<string | null>(undefined)
  const channel = useRef<BroadcastChannel>(undefined)

  const take = useCallback(
    (found: Me | null) => {
      const id = found?.id ?? null
      // Another account in the same browser: nothing of the one before may stay on the screen.
      if (typeof known.current === 'string' && id !== null && id !== known.current) return location.reload()
      if (id !== null) known.current = id
      setProblem(undefined)
      setMe(found)
      if (found !== null) choose(found.locale === 'AR' ? 'ar' : 'en', false)
    },
    [choose],
  )

  const refresh = useCallback(async () => {
    const { data, error } = await readMe(client)
    if (error === undefined) return take(data?.me ?? null)
    const found = problemOfRequest(error)
    if (found.code === 'UNAUTHENTICATED') return take(null)
    setProblem(found)
  }, [client, take])

  useEffect(() => {
    void refresh()
    const opened = new BroadcastChannel('vestibule:session')
    opened.onmessage = () => void refresh()
    channel.current = opened
    const look = () => document.visibilityState === 'visible' && void refresh()
    document.addEventListener('visibilitychange', look)
    return () => {
      opened.close()
      document.removeEventListener('visibilitychange', look)
    }
  }, [refresh])

  const session = useMemo((): Session => {
    const tellTabs = () => channel.current?.postMessage('changed')
    const ended = () => {
      tellTabs()
      known.current = null
      take(null)
    }
    return {
      me,
      problem,
      refresh,
      signedInAs(found) {
        const isNew = found.id !== known.current
        take(found)
        if (isNew) tellTabs()
      },
      async signOut() {
        const { error } = await client.mutation(SignOutDocument, {}).toPromise()
        const failed = error === undefined ? undefined : problemOfRequest(error)
        const hasEnded = failed === undefined || failed.code === 'UNAUTHENTICATED'
        if (hasEnded) ended()
        else setProblem(failed)
        return hasEnded
      },
      ended,
    }
  }, [me, problem, refresh, take, client])
  return <Context value={session}>{children}</Context>
}

/**
 * The token of a link in a mail. It is in the URL's fragment, which browsers do not send, so no log has it; it is removed from the address
 * bar at once. An open page also accepts a second link, which changes only the fragment. The token is checked first, which does not use
 * it up, so that a dead link is reported before anything is typed; if that check fails for another reason, the form is shown.
 */
import { useEffect, useState } from 'react'
import { useClient } from 'urql'
import { problemOf } from '../problem.ts'
import { CheckMailTokenDocument, type MailTokenUse } from './operations.ts'

export type MailLink =
  | { readonly state: 'incomplete' | 'checking' | 'dead' }
  | { readonly state: 'open'; readonly token: string; readonly signInName: string | null }

/** How long the check may take, in ms. */
const PATIENCE = 5_000

const isDead = (code: string | undefined): boolean => code === 'INVALID_MAIL_TOKEN' || code === 'INVALID_INPUT'

const takeToken = (): string | null => {
  const token = new URLSearchParams(location.hash.slice(1)).get('token')
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return token === '' ? null : token
}

/** Taken when the script is loaded, before anything is shown. */
let first = location.hash.includes('token=') ? takeToken() : null

/** The token with which the page was opened, once. */
const firstToken = (): string | null => {
  const token = first
  first = null
  return token ?? takeToken()
}

export interface MailToken {
  readonly link: MailLink
  /** The link was found dead when it was used. */
  died(): void
}

export const useMailToken = (use: MailTokenUse): MailToken => {
  const client = useClient()
  const [token, setToken] = useState(firstToken)
  const [link, setLink] = useState<MailLink>({ state: 'checking' })
  useEffect(() => {
    const look = () => {
      if (location.hash.includes('token=')) setToken(takeToken())
    }
    addEventListener('hashchange', look)
    return () => removeEventListener('hashchange', look)
  }, [])
  useEffect(() => {
    if (token === null) return setLink({ state: 'incomplete' })
    let isCurrent = true
    setLink({ state: 'checking' })
    const signal = AbortSignal.timeout(PATIENCE)
    const context = { fetch: (url: RequestInfo | URL, init?: RequestInit) => fetch(url, { ...init, signal }) }
    const check = async () => {
      const { data, error } = await client.mutation(CheckMailTokenDocument, { input: { token, use } }, context).toPromise()
      if (!isCurrent) return
      const result = data?.checkMailToken
      const signInName = result?.__typename === 'CheckMailTokenSuccess' ? result.signInName : null
      setLink(isDead(problemOf(error, result)?.code) ? { state: 'dead' } : { state: 'open', token, signInName })
    }
    void check()
    return () => {
      isCurrent = false
    }
  }, [client, token, use])
  return { link, died: () => setLink({ state: 'dead' }) }
}

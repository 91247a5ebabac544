/**
 * A browser as the server sees it: it keeps the session cookie, sends it with every request, and says by its headers that
 * it stands on a page of the same origin. Pass it wherever a world is asked for.
 */
import type { Answer, Send, World } from './world.ts'

export const COOKIE = '__Host-vestibule-session'

export interface CookieWorld extends World {
  /** The value in the jar, or undefined. */
  cookie: string | undefined
  /** The last answer, whole. */
  readonly last: () => Answer
}

/** The value that an answer sets: undefined if none, empty if the cookie is deleted. */
export const cookieOf = ({ headers }: Pick<Answer, 'headers'>): string | undefined => {
  const lines = headers.getSetCookie()
  if (lines.length > 1) throw new Error(`one cookie is enough: ${lines.length}`)
  return lines[0] === undefined ? undefined : new RegExp(`^${COOKIE}=([^;]*); `).exec(lines[0])?.[1]
}

export const OF_PAGE = { 'x-csrf-protection': '1', 'sec-fetch-site': 'same-origin' }

/** A browser with an empty jar, or with a value that another one has. */
export function openBrowser(world: World, cookie?: string): CookieWorld {
  let last: Answer | undefined
  const browser: CookieWorld = {
    ...world,
    cookie,
    last() {
      if (last === undefined) throw new Error('nothing was asked yet')
      return last
    },
    async request(method: string, path: string, send: Send = {}) {
      const sent = browser.cookie === undefined ? {} : { cookie: `${COOKIE}=${browser.cookie}` }
      last = await world.request(method, path, { ...send, headers: { ...OF_PAGE, ...sent, ...send.headers } })
      browser.cookie = (cookieOf(last) ?? browser.cookie) || undefined
      return last
    },
    async graphql(query, variables = {}, token) {
      const answer = await browser.request('POST', '/graphql', { json: { query, variables }, token })
      return { ...answer, body: answer.body?.data ?? answer.body }
    },
  }
  return browser
}

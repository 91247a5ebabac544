/**
 * The tokens of a session, shared by all tabs of a browser. They are in localStorage, so that a reload and a new tab are signed in. A script
 * on the page can read them there; a session in a cookie has no such risk (docs/sessions.md).
 */
export interface Tokens {
  readonly accessToken: string
  readonly refreshToken: string
}

/** New tokens for a refresh token; null if the session has ended. Throws if the server could not be asked. */
export type Exchange = (refreshToken: string) => Promise<Tokens | null>

const KEY = 'vestibule-tokens'
/** For how many ms the lock is held after a change: a browser passes a change of localStorage on to its other tabs with a delay. */
const PROPAGATION = 300
const listeners = new Set<() => void>()
const changed = (): void => {
  for (const listener of listeners) listener()
}
// Another tab signed in or out, or refreshed.
addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) changed()
})

export const readTokens = (): Tokens | null => JSON.parse(localStorage.getItem(KEY) ?? 'null')

export const keepTokens = (tokens: Tokens): void => {
  localStorage.setItem(KEY, JSON.stringify(tokens))
  changed()
}

export const dropTokens = (): void => {
  localStorage.removeItem(KEY)
  changed()
}

/** Calls `listener` whenever this or another tab changes the tokens, until the returned function is called. */
export const onTokens = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/**
 * Replaces an access token that the server refused. However many requests of however many tabs ask for it at once, the refresh token is
 * used once: a lock lets one go first, and the others find new tokens.
 * @param refused the access token that the refused request sent
 * @returns whether there are new tokens; false if the session has ended
 */
export const refreshTokens = (refused: string, exchange: Exchange): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const refresh = async (): Promise<void> => {
      const tokens = readTokens()
      if (tokens === null || tokens.accessToken !== refused) return resolve(tokens !== null)
      const fresh = await exchange(tokens.refreshToken)
      // A tab may have signed out, or in as somebody else, meanwhile.
      if (readTokens()?.refreshToken !== tokens.refreshToken) return resolve(readTokens() !== null)
      if (fresh === null) dropTokens()
      else keepTokens(fresh)
      resolve(fresh !== null)
      await new Promise((continues) => setTimeout(continues, PROPAGATION))
    }
    navigator.locks.request(KEY, refresh).catch(reject)
  })

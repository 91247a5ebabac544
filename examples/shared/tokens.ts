/**
 * The tokens of a session, shared by all tabs of a browser. They are in localStorage, so that a reload and a new tab are signed in. A script
 * on the page can read them there; a session in a cookie has no such risk (docs/sessions.md).
 */
export interface Tokens extends TokenPair {
  /** The account that is signed in with them. */
  readonly accountId: string
}

export interface TokenPair {
  readonly accessToken: string
  readonly refreshToken: string
}

/**
 * New tokens for a refresh token; null if the session has ended. Throws if the server could not be asked.
 * @param signal aborts the request to the server, which may not take longer
 */
export type Exchange = (refreshToken: string, signal: AbortSignal) => Promise<TokenPair | null>

const KEY = 'vestibule-tokens'
/** For how many ms the lock is held after a change: a browser passes a change of localStorage on to its other tabs with a delay. */
const PROPAGATION = 300
/**
 * For how many ms a request waits for the lock, and after that for new tokens, so that a server that does not answer does not stop all tabs. It is
 * shorter than REFRESH_GRACE of the server (docs/sessions.md): if only the answer was lost, the refresh token works once more.
 */
const PATIENCE = 5_000
const listeners = new Set<() => void>()
const changed = (): void => {
  for (const listener of listeners) listener()
}
// Another tab signed in or out, or refreshed.
addEventListener('storage', ({ key }) => {
  if (key === KEY || key === null) changed()
})

export const readTokens = (): Tokens | null => JSON.parse(localStorage.getItem(KEY) ?? 'null')

/** Whose tokens they are; null if nobody is signed in. A tab that slept may find another account here than before: then its cache must go. */
export const readAccount = (): string | null => readTokens()?.accountId ?? null

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
 * @param refused the tokens of the request that the server refused
 * @returns whether there are new tokens of the same account; false if the session has ended, or somebody else has signed in, in whose name
 * the request must not be repeated
 */
export const refreshTokens = (refused: Tokens, exchange: Exchange): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const isSameAccount = (): boolean => readAccount() === refused.accountId
    const refresh = async (): Promise<void> => {
      const tokens = readTokens()
      if (tokens?.accessToken !== refused.accessToken) return resolve(isSameAccount())
      const fresh = await exchange(tokens.refreshToken, AbortSignal.timeout(PATIENCE))
      // A tab may have signed out, or in as somebody else, meanwhile.
      if (readTokens()?.refreshToken !== tokens.refreshToken) return resolve(isSameAccount())
      if (fresh === null) dropTokens()
      else keepTokens({ ...fresh, accountId: tokens.accountId })
      resolve(fresh !== null)
      await new Promise((continues) => setTimeout(continues, PROPAGATION))
    }
    navigator.locks.request(KEY, { signal: AbortSignal.timeout(PATIENCE) }, refresh).catch(reject)
  })

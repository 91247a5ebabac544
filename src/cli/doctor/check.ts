/** The result of one check of `vestibule doctor`. */
export interface Check {
  /** What was looked at, in a few words. */
  readonly name: string
  /** `warning`: it serves, but something should be looked after. `failed`: it does not serve, or loses something. */
  readonly status: 'ok' | 'warning' | 'failed'
  /** What was found, without a secret. */
  readonly found: string
  /** What to do; only if it is not ok. */
  readonly remedy?: string
}

export const ok = (name: string, found: string): Check => ({ name, status: 'ok', found })
export const warning = (name: string, found: string, remedy: string): Check => ({ name, status: 'warning', found, remedy })
export const failed = (name: string, found: string, remedy: string): Check => ({ name, status: 'failed', found, remedy })

/** The checks that `look` returns; one that failed if it throws. */
export const checking = async (name: string, remedy: string, look: () => Promise<readonly Check[]>): Promise<readonly Check[]> => {
  try {
    return await look()
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error)
    return [failed(name, text.trim().split('\n', 1)[0] ?? text, remedy)]
  }
}

/**
 * What worlds say that they checked, and the sum of it. Apart from tally.ts, because the reporter runs outside the tests.
 */
export interface Tally {
  /** REST requests that reached the app. */
  readonly answered: number
  /** Answers to them that a test read, and so were checked. */
  readonly checked: number
  /** `dialect METHOD path status`. */
  readonly seen: readonly string[]
}

export const readTallies = (text: string): Tally => {
  const lines = text.split('\n').filter((line) => line !== '')
  const all = lines.map((line) => JSON.parse(line) as Tally)
  return {
    answered: all.reduce((sum, { answered }) => sum + answered, 0),
    checked: all.reduce((sum, { checked }) => sum + checked, 0),
    seen: [...new Set(all.flatMap(({ seen }) => seen))],
  }
}

/** Finds the known word that a misspelt word was probably meant to be. */
import leven from 'leven'

const letters = (word: string): string => [...word].sort().join('')

/** Two swapped letters count as one mistake. */
const distance = (word: string, known: string): number => {
  const steps = leven(word, known, { maxDistance: 4 })
  return steps === 2 && letters(word) === letters(known) ? 1 : steps
}

/** Short words are similar to too many others. */
const tolerance = (word: string): number => (word.length <= 5 ? 1 : word.length <= 11 ? 2 : 3)

/** The most similar of `known` to `word`, ignoring case; undefined if none is similar. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const limit = tolerance(word)
  const found = known
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ steps, candidate }) => steps <= limit && steps < candidate.length)
    .sort((one, other) => one.steps - other.steps)
  return found[0]?.candidate
}

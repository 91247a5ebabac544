/** Which of the known words was probably meant by one that is none of them. */
import leven from 'leven'

const letters = (word: string): string => [...word].sort().join('')

/** Two letters that changed places are one mistake. */
const distance = (word: string, known: string): number => {
  const steps = leven(word, known, { maxDistance: 4 })
  return steps === 2 && letters(word) === letters(known) ? 1 : steps
}

/** Short words are near to too many others. */
const tolerance = (word: string): number => (word.length <= 5 ? 1 : word.length <= 11 ? 2 : 3)

/** The nearest of `known` to `word`, whatever its case, or none if all are far. */
export const nearest = (word: string, known: readonly string[]): string | undefined => {
  const limit = tolerance(word)
  const found = known
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ steps, candidate }) => steps <= limit && steps < candidate.length)
    .sort((one, other) => one.steps - other.steps)
  return found[0]?.candidate
}

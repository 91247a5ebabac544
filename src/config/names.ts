/**
 * Warns of variables that look like misspelt settings. `.env` is meant for this program, so a name there is reported if it is similar to
 * a setting or has the prefix of one. The environment belongs to all programs: there only a long name that differs in one letter is.
 */
import leven from 'leven'
import { nearest } from './near.ts'

const prefixOf = (name: string): string | undefined => /^[A-Z\d]+_/.exec(name)?.[0]

/** Whether Node.js itself reads the variable, before any program runs. */
const isOfNode = (name: string): boolean => name.startsWith('NODE_')

const fileDoubt = (name: string, known: readonly string[]): string[] => {
  const meant = nearest(name, known)
  if (meant !== undefined) return [`.env: ${name} is not a setting: ${meant}?`]
  if (isOfNode(name)) return [`.env: ${name} has no effect here: Node.js reads it only from the environment`]
  return known.some((one) => prefixOf(one) !== undefined && prefixOf(one) === prefixOf(name)) ? [`.env: ${name} is not a setting`] : []
}

const LONG = 8

const environmentDoubt = (name: string, known: readonly string[]): string[] => {
  const meant = name.length < LONG ? undefined : known.find((one) => leven(name, one, { maxDistance: 2 }) === 1)
  return meant === undefined ? [] : [`${name} is not a setting: ${meant}?`]
}

/** A line for each such name in `.env` and the environment. */
export const doubtsOf = (ofFile: readonly string[], ofEnvironment: readonly string[], known: readonly string[]): string[] => {
  const strange = (names: readonly string[]) => names.filter((name) => !known.includes(name))
  return [
    ...strange(ofFile).flatMap((name) => fileDoubt(name, known)),
    ...strange(ofEnvironment).flatMap((name) => environmentDoubt(name, known)),
  ]
}

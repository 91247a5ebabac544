/**
 * Names that look like settings and are none. All of `.env` is meant for this program or for one beside it, so that a name that is near
 * to one of ours, or begins like one, is told; of the real environment, which belongs to everybody, only a long name a letter off.
 */
import leven from 'leven'
import { nearest } from './near.ts'

const prefixOf = (name: string): string | undefined => /^[A-Z\d]+_/.exec(name)?.[0]

/** What Node.js reads before any program does. */
const isOfNode = (name: string): boolean => name.startsWith('NODE_')

const fileDoubt = (name: string, known: readonly string[]): string[] => {
  const meant = nearest(name, known)
  if (meant !== undefined) return [`.env: ${name} is no setting: ${meant}?`]
  if (isOfNode(name)) return [`.env: ${name} has no effect here: Node.js reads it from the environment alone`]
  return known.some((one) => prefixOf(one) !== undefined && prefixOf(one) === prefixOf(name)) ? [`.env: ${name} is no setting`] : []
}

const LONG = 8

const environmentDoubt = (name: string, known: readonly string[]): string[] => {
  const meant = name.length < LONG ? undefined : known.find((one) => leven(name, one, { maxDistance: 2 }) === 1)
  return meant === undefined ? [] : [`${name} is no setting: ${meant}?`]
}

/** A line for each name of `.env` and of the environment that is in doubt. */
export const doubtsOf = (ofFile: readonly string[], ofEnvironment: readonly string[], known: readonly string[]): string[] => {
  const strange = (names: readonly string[]) => names.filter((name) => !known.includes(name))
  return [
    ...strange(ofFile).flatMap((name) => fileDoubt(name, known)),
    ...strange(ofEnvironment).flatMap((name) => environmentDoubt(name, known)),
  ]
}

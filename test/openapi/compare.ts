/**
 * What an original says that ours does not say, and what ours says beyond it. A word that the original leaves out is equal to
 * any of ours.
 */
import { type Kind, kinds, type Thing } from './things.ts'

export interface Difference {
  readonly kind: Kind
  readonly name: string
  /** Which word of the thing; `undefined` if the whole thing is missing. */
  readonly aspect?: string
  readonly original?: string
  readonly ours?: string
}

export interface Comparison {
  readonly differences: readonly Difference[]
  /** Things of ours that the original does not have: kind, colon, name. */
  readonly additions: readonly string[]
  /** Things of the original that ours says word by word. */
  readonly equal: Readonly<Record<Kind, number>>
}

const keyOf = ({ kind, name }: Thing): string => `${kind}: ${name}`

/** Examples of one status may share a title; they are numbered. Nothing else may be said twice. */
const byKey = (things: readonly Thing[]): Map<string, Thing> => {
  const map = new Map<string, Thing>()
  for (const thing of things) {
    let key = keyOf(thing)
    if (map.has(key) && thing.kind !== 'example') throw new Error(`said twice: ${key}`)
    for (let number = 2; map.has(key); number++) key = `${keyOf(thing)} #${number}`
    map.set(key, thing)
  }
  return map
}

const differencesOf = ({ kind, name, says }: Thing, ours: Thing | undefined): Difference[] => {
  if (ours === undefined) return [{ kind, name }]
  return Object.entries(says)
    .filter(([aspect, word]) => ours.says[aspect] !== word)
    .map(([aspect, original]) => {
      const word = ours.says[aspect]
      return { kind, name, aspect, original, ...(word === undefined ? {} : { ours: word }) }
    })
}

export const compare = (original: readonly Thing[], ours: readonly Thing[]): Comparison => {
  const theirs = byKey(original)
  const own = byKey(ours)
  const equal = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<Kind, number>
  const differences: Difference[] = []
  for (const [key, thing] of theirs) {
    const found = differencesOf(thing, own.get(key))
    if (found.length === 0) equal[thing.kind]++
    differences.push(...found)
  }
  return { differences, additions: [...own.keys()].filter((key) => !theirs.has(key)), equal }
}

const plural = (kind: Kind): string => `${kind.replace(/y$/, 'ie').replace(/us$/, 'use')}s`

/** The one line that says how much was compared and found equal. */
export const summaryOf = (name: string, { equal, differences }: Comparison): string => {
  const counts = kinds.filter((kind) => equal[kind] > 0).map((kind) => `${equal[kind]} ${equal[kind] === 1 ? kind : plural(kind)}`)
  return `${name}: ${counts.join(', ')} equal to the original; ${differences.length} different\n`
}

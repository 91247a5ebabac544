/**
 * Which values of a printed answer ours prints again, as Widdershins shows its examples. Of several answers that a document prints
 * for one route and status, placeholders among them, the one that is most like ours counts.
 */
import type { Operation } from '../markdown/model.ts'
import { leavesOf } from '../things.ts'
import type { ProseRoute } from './route.ts'

export interface Printed {
  /** Method, path and status. */
  readonly name: string
  /** Leaves of the answer, and those that ours prints otherwise or not. */
  readonly leaves: number
  readonly others: readonly string[]
}

const examplesOf = ({ examples, responses }: Operation, status: string): unknown[] =>
  examples
    .filter(({ title }) => title === status || responses.some((one) => one.status === status && one.description === title))
    .map(({ value }) => value)

const same = ({ leaves, others }: Printed): number => leaves - others.length
const nearest = (all: readonly Printed[]): Printed | undefined => all.toSorted((a, b) => same(b) - same(a))[0]

/** One for each route and status with printed answers. */
export const printedAgain = (routes: readonly ProseRoute[], operations: readonly Operation[]): Printed[] => {
  const all = routes.flatMap((route) => {
    const operation = operations.find(({ method, url }) => method === route.method && url === route.path)
    return route.answers.flatMap(({ status, body }) => {
      const name = `${route.method} ${route.path} ${status}`
      const leaves = Object.entries(leavesOf(body))
      const tried = (operation === undefined ? [] : examplesOf(operation, status)).map((example) => {
        const own = leavesOf(example)
        return { name, leaves: leaves.length, others: leaves.filter(([leaf, word]) => own[leaf] !== word).map(([leaf]) => leaf) }
      })
      return nearest(tried) ?? { name, leaves: leaves.length, others: leaves.map(([leaf]) => leaf) }
    })
  })
  return [...new Set(all.map(({ name }) => name))].flatMap((name) => nearest(all.filter((one) => one.name === name)) ?? [])
}

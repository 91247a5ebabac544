/**
 * What was run, counted: sequences, steps by dialect, outcomes, and how often each line of the table applied.
 */
import type { Step } from './steps.ts'

export interface Counts {
  sequence(): void
  step(step: Step): void
  outcome(code: string): void
  applies(line: string): void
  comparison(): void
  /** All in one line. */
  summary(): string
  /** How often, by what. */
  readonly by: Readonly<Record<'dialect' | 'operation' | 'outcome' | 'line', ReadonlyMap<string, number>>>
}

export function createCounts(): Counts {
  let [sequences, steps, comparisons] = [0, 0, 0]
  const by = {
    dialect: new Map<string, number>(),
    operation: new Map<string, number>(),
    outcome: new Map<string, number>(),
    line: new Map<string, number>(),
  }
  const add = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)
  const list = (map: ReadonlyMap<string, number>) => [...map].map(([key, number]) => `${number} ${key}`).join(', ')
  return {
    by,
    sequence() {
      sequences += 1
    },
    step({ dialect, operation }) {
      steps += 1
      add(by.dialect, dialect)
      add(by.operation, operation)
    },
    outcome: (code) => add(by.outcome, code),
    applies: (line) => add(by.line, line),
    comparison() {
      comparisons += 1
    },
    summary: () =>
      `${sequences} sequences, ${steps} steps (${list(by.dialect)}), ${comparisons} comparisons; outcomes: ${list(by.outcome)}; weaker or stricter: ${list(by.line)}`,
  }
}

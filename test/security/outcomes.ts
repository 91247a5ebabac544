/**
 * What a test run says of the requirements: which of those that are shown over HTTP (`H`) have a passing test, and `docs/asvs.md`.
 */
import { elsewhere } from './elsewhere.ts'
import { proofs } from './proofs.ts'
import { type Requirement, requirements } from './requirements.ts'

/** A test of a run: its file in `test` without `.test.ts`, its full name, and how it ended. */
export interface Ended {
  readonly file: string
  readonly name: string
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending'
}

export interface Outcome {
  readonly requirement: Requirement
  readonly proofs: readonly string[]
  /** How many tests show it. */
  readonly tests: number
  /** Why it is not shown; undefined if it is. */
  readonly problem: string | undefined
}

/** The file of a proof, below `test`, without `.test.ts`. */
export const proofFileOf = (proof: string): string => proof.slice(0, proof.indexOf(':'))
/** The part of the full name of its tests. */
export const proofNameOf = (proof: string): string => proof.slice(proof.indexOf(':') + 1).trim()

export const proofFiles: readonly string[] = [...new Set(Object.values(proofs).flatMap((of) => of.map(proofFileOf)))]

const testsOf = (proof: string, byFile: ReadonlyMap<string, readonly Ended[]>): readonly Ended[] => {
  const part = proofNameOf(proof)
  return (byFile.get(proofFileOf(proof)) ?? []).filter(({ name }) => name.includes(part))
}

const problemOf = (proof: string, tests: readonly Ended[]): string | undefined => {
  if (tests.length === 0) return `there is no test "${proof}"`
  const bad = tests.find(({ state }) => state === 'failed' || state === 'pending')
  if (bad !== undefined) return `${bad.file} > ${bad.name} has ${bad.state}`
  return tests.some(({ state }) => state === 'passed') ? undefined : `no test "${proof}" has run`
}

/** A page of the docs, or a command, in the place of a test. */
export const isDocument = (proof: string): boolean => /^(?:docs\/|SECURITY\.md#)/.test(proof)
const isCommand = (proof: string): boolean => proof.startsWith('npm run ')

/** The files that show something, over HTTP or otherwise. */
export const namedFiles: readonly string[] = [
  ...new Set([
    ...proofFiles,
    ...Object.values(elsewhere).flatMap((of) => of.filter((proof) => !isDocument(proof) && !isCommand(proof)).map(proofFileOf)),
  ]),
]

/** The outcome of each requirement that is shown over HTTP. */
export const outcomesOf = (ended: readonly Ended[]): readonly Outcome[] => judged(ended, 'H', proofs)

/** The outcome of each requirement that is shown in a browser, by reading source or build, or by the docs. */
export const otherOutcomesOf = (ended: readonly Ended[]): readonly Outcome[] => [
  ...judged(ended, 'B', elsewhere),
  ...judged(ended, 'S', elsewhere),
  ...judged(ended, 'D', elsewhere),
]

const judged = (ended: readonly Ended[], shown: Requirement['how'], by: Readonly<Record<string, readonly string[]>>): Outcome[] => {
  const byFile = new Map<string, Ended[]>()
  for (const test of ended) byFile.set(test.file, [...(byFile.get(test.file) ?? []), test])
  return requirements
    .filter(({ how }) => how === shown)
    .map((requirement) => {
      const named = by[requirement.id] ?? []
      const found = named
        .filter((proof) => !isDocument(proof) && !isCommand(proof))
        .map((proof) => [proof, testsOf(proof, byFile)] as const)
      const [problem] = named.length === 0 ? ['nothing is named'] : found.flatMap(([proof, tests]) => problemOf(proof, tests) ?? [])
      return { requirement, proofs: named, tests: new Set(found.flatMap(([, tests]) => tests)).size, problem }
    })
}

/** The lines about a whole run. */
export const linesOf = (outcomes: readonly Outcome[]): string[] => {
  const counts = (['L1', 'L2', 'L3'] as const).map((level) => {
    const of = outcomes.filter(({ requirement }) => requirement.level === level)
    return `${level} ${of.filter(({ problem }) => problem === undefined).length} of ${of.length}`
  })
  const missing = outcomes.flatMap(({ requirement, problem }) => (problem === undefined ? [] : [`  ASVS ${requirement.id}: ${problem}`]))
  return [`  ASVS, shown over HTTP: ${counts.join(', ')}`, ...missing]
}

const countOf = (outcomes: readonly Outcome[], shown: Requirement['how']): string => {
  const of = outcomes.filter(({ requirement }) => requirement.how === shown)
  return `\`${shown}\` ${of.filter(({ problem }) => problem === undefined).length} of ${of.length}`
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
const escaped = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;')

/** A proof in the document: a test or a command as it is, a page as a link. */
const printed = (proof: string): string => {
  if (!isDocument(proof)) return `\`${escaped(proof)}\``
  const path = proof.replace(/#$/, '')
  return `[${path.replace(/^docs\/|#.*$/g, '')}](${path.startsWith('docs/') ? path.slice('docs/'.length) : `../${path}`})`
}

const saidOf = ({ requirement, proofs, problem }: Outcome): string => {
  if (problem !== undefined) return `fail: ${escaped(problem)}`
  if (requirement.how === 'D') return 'written'
  return proofs.every(isCommand) ? 'by the command' : 'pass'
}

/** `docs/asvs.md`. */
export function documentOf(outcomes: readonly Outcome[]): string {
  const byId = new Map(outcomes.map((outcome) => [outcome.requirement.id, outcome]))
  const rows = requirements.map(({ id, level, how, text }) => {
    const outcome = byId.get(id)
    const named = outcome?.proofs.map(printed).join('<br>') ?? ''
    return row([id, level, how, escaped(text), named, outcome === undefined ? '' : saidOf(outcome)])
  })
  return `<!-- Generated by \`npm run docs:asvs\` from test/security and the last whole run of the tests. -->

# OWASP ASVS 5.0

How each requirement that concerns a user base is shown, in our words: \`H\` over HTTP by a test, \`B\` in a browser, \`S\` by reading source, database or build, \`D\` by
a page of these docs; \`-\` is out of scope today. [security-proof.md](security-proof.md) says how to read this.

${linesOf(outcomes.filter(({ requirement }) => requirement.how === 'H'))[0]?.trim()}.
${(['B', 'S', 'D'] as const).map((how) => countOf(outcomes, how)).join(', ')}.

| id | level | how | requirement | shown by | outcome |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}
`
}

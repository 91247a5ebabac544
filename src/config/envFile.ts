/**
 * Reads `.env`, but only what all programs read in the same way: Docker Compose, shells, systemd and Node.js differ about `#`, quotes,
 * backslashes and `$`. A value that two of them would read differently is refused; the error names the line and the name, never the
 * value. docs/operations.md has the grammar.
 */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

export interface EnvFile {
  readonly values: Readonly<Record<string, string | undefined>>
  /** One line for each problem. */
  readonly problems: readonly string[]
}

/** One entry: an empty line, a comment, or NAME=value, where a quoted value may span several lines. */
const ENTRY =
  /[ \t]*(?:(?:export[ \t]+)?(?<name>[A-Za-z_]\w*)[ \t]*=[ \t]*(?<value>"[^"]*"|'[^']*'|(?!["'])[^\n]*?)(?:[ \t]+#[^\n]*|[ \t]*)|#[^\n]*)?(?:\n|$)/y

interface Entry {
  readonly line: number
  readonly name: string
  /** With its quotes. */
  readonly value: string
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split('\n').length

/** The entries, up to the end or to the first line that cannot be parsed. */
const entriesOf = (text: string): { readonly entries: readonly Entry[]; readonly garbled?: number } => {
  const entries: Entry[] = []
  for (let at = 0; at < text.length; at = ENTRY.lastIndex) {
    ENTRY.lastIndex = at
    const { groups } = ENTRY.exec(text) ?? {}
    if (groups === undefined) return { entries, garbled: lineAt(text, at) }
    const { name, value = '' } = groups
    if (name !== undefined) entries.push({ line: lineAt(text, at), name, value })
  }
  return { entries }
}

const ALIKE = 'which programs read differently'
const QUOTE = `${ALIKE}: put the value in single quotes`
/** Characters that programs read differently outside single quotes. */
const DOUBTFUL: readonly (readonly [RegExp, string])[] = [
  [/\\/, `has a backslash in it, ${QUOTE}`],
  [/\$[\w{($]/, `has a $ in it, ${QUOTE}`],
]
const BARE: readonly (readonly [RegExp, string])[] = [
  [/["'`]/, `has a quote in it, ${QUOTE}`],
  ...DOUBTFUL,
  [/#/, `has a # in it, ${QUOTE}`],
]
const DOUBLE: readonly (readonly [RegExp, string])[] = [...DOUBTFUL, [/`/, `has a quote in it, ${QUOTE}`]]
const SINGLE: readonly (readonly [RegExp, string])[] = [[/\\\\|\\$/, `has a backslash before a backslash or a quote, ${ALIKE}`]]

const isQuoted = (value: string, quote: string): boolean => value.length > 1 && value.startsWith(quote)

const valueProblem = (value: string): string | undefined => {
  if (/[^\P{Cc}\n\t]/u.test(value)) return 'contains a control character'
  const rules = isQuoted(value, "'") ? SINGLE : isQuoted(value, '"') ? DOUBLE : BARE
  const inner = rules === BARE ? value : value.slice(1, -1)
  return rules.find(([sign]) => sign.test(inner))?.[1]
}

const entryProblem = (entry: Entry, index: number, all: readonly Entry[]): string[] => {
  const first = all.findIndex(({ name }) => name === entry.name)
  const problem = first < index ? `is already set on line ${all[first]?.line}` : valueProblem(entry.value)
  return problem === undefined ? [] : [`.env: line ${entry.line}: ${entry.name} ${problem}`]
}

const problemsOf = (text: string): string[] => {
  if (text.includes('\0') || text.includes('\uFFFD')) return ['.env: is not UTF-8 text']
  const { entries, garbled } = entriesOf(text)
  return [...entries.flatMap(entryProblem), ...(garbled === undefined ? [] : [`.env: line ${garbled} is not NAME=value`])]
}

const readText = (path: string): { readonly text: string; readonly problem?: string } => {
  try {
    return { text: readFileSync(path, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? { text: '' } : { text: '', problem: `.env: cannot be read (${code})` }
  }
}

/** The variables of the file at `path`; none if there is no file. */
export function readEnvFile(path: string): EnvFile {
  const { text: given, problem } = readText(path)
  if (problem !== undefined) return { values: {}, problems: [problem] }
  const text = given.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const problems = problemsOf(text)
  return { values: problems.length > 0 ? {} : parseEnv(text), problems }
}

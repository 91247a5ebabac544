/**
 * `npm run schema:check`: what changed in schema.graphql since the last release that breaks a front end, or may. Ends with code 1
 * for a breaking change, unless the version in package.json was raised in the part that semver has for it. Every change is judged
 * by its kind alone, as nobody knows what is in use; GraphQL Inspector's own rules, which forgive more, are left out.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'
import { compareVersions, currentVersion, mayBreak, newestRelease, releasePath, type Version } from './releases.ts'

export interface Changes {
  readonly breaking: readonly string[]
  /** Every document goes on, and yet a front end may meet what it did not expect, such as a new value of an enum. */
  readonly dangerous: readonly string[]
}

const lineOf = ({ message, path, criticality: { reason } }: Change): string =>
  `${path === undefined ? '' : `${path}: `}${message}${reason === undefined ? '' : ` (${reason})`}`

/** How one schema differs from another, both in SDL. */
export const compareSchemas = async (before: string, after: string): Promise<Changes> => {
  const changes = await diff(buildSchema(before), buildSchema(after))
  const linesOf = (wanted: CriticalityLevel) => changes.filter(({ criticality }) => criticality.level === wanted).map(lineOf)
  return { breaking: linesOf(CriticalityLevel.Breaking), dangerous: linesOf(CriticalityLevel.Dangerous) }
}

const section = (title: string, lines: readonly string[]): string =>
  lines.length === 0 ? '' : `${title}:\n${lines.map((line) => `  ${line}\n`).join('')}`

const verdictOf = ({ breaking }: Changes, release: Version, current: Version): { readonly passes: boolean; readonly text: string } => {
  const since = release.join('.')
  if (compareVersions(current, release) < 0)
    return { passes: false, text: `package.json says ${current.join('.')}, which is older than the last release, ${since}.\n` }
  if (breaking.length === 0) return { passes: true, text: `No breaking change of schema.graphql since ${since}.\n` }
  if (mayBreak(release, current)) return { passes: true, text: `Allowed: ${since} became ${current.join('.')}.\n` }
  const part = release[0] === 0 ? 'minor' : 'major'
  return { passes: false, text: `Take them back, or raise the ${part} version in package.json, which is ${current.join('.')} now.\n` }
}

/** What is to be said of the tree at `root`, and whether it passes. */
export const checkSchema = async (root: string): Promise<{ readonly passes: boolean; readonly text: string }> => {
  const release = newestRelease(root)
  if (release === undefined) return { passes: false, text: 'There is no schema of a release to compare with: npm run schema:release\n' }
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  const changes = await compareSchemas(read(releasePath(release)), read('schema.graphql'))
  const { passes, text } = verdictOf(changes, release, currentVersion(root))
  return { passes, text: section('Breaking', changes.breaking) + section('Dangerous', changes.dangerous) + text }
}

export async function main({ root }: { root: string }): Promise<void> {
  const { passes, text } = await checkSchema(root)
  if (passes) process.stdout.write(text)
  else {
    process.stderr.write(text)
    process.exitCode = 1
  }
}

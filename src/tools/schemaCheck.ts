/**
 * `npm run schema:check`: changes of schema.graphql since the last release that break a front end, or may. Exits with code 1 for a
 * breaking change, unless the version in package.json was raised accordingly. Every change is judged by its kind, because it is not
 * known what clients use; the rules of GraphQL Inspector that consider usage are not applied.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Change, CriticalityLevel, diff } from '@graphql-inspector/core'
import { buildSchema } from 'graphql'
import { compareVersions, currentVersion, mayBreak, newestRelease, releasePath, type Version } from './releases.ts'

export interface Changes {
  readonly breaking: readonly string[]
  /** Existing documents still run, but a front end may receive something new, such as a new enum value. */
  readonly dangerous: readonly string[]
}

const lineOf = ({ message, path, criticality: { reason } }: Change): string =>
  `${path === undefined ? '' : `${path}: `}${message}${reason === undefined ? '' : ` (${reason})`}`

/** The differences between two schemas in SDL. */
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

/** The report on the tree at `root`, and whether it passes. */
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

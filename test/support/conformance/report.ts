/**
 * What the worlds of a test run checked (tally.ts), as lines for its end: for each project how many REST answers were checked
 * against OpenAPI of how many that were given (a client that breaks off reads none), how many of the statuses that the committed
 * documents declare were seen, and with `CONFORMANCE_UNSEEN=1` which were not.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { JsonObject } from '../openApiDocument.ts'
import { describeDocument } from './described.ts'
import { readTallies } from './tallies.ts'

const DOCUMENTS = fileURLToPath(new URL('../../../docs/openapi', import.meta.url))

/** `dialect METHOD path status`, all that the committed documents declare. */
export const documentedStatuses = (): string[] =>
  readdirSync(DOCUMENTS)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => {
      const document = JSON.parse(readFileSync(join(DOCUMENTS, name), 'utf8')) as JsonObject
      const { operations } = describeDocument(name.replace('.json', ''), document)
      return operations.flatMap(({ dialect, name: operation, responses }) =>
        [...responses.keys()].filter((status) => status !== 'default').map((status) => `${dialect} ${operation} ${status}`),
      )
    })

const number = (count: number): string => count.toLocaleString('en')

const linesOf = (project: string, text: string, documented: readonly string[]): string[] => {
  const { answered, checked, seen } = readTallies(text)
  const unseen = documented.filter((status) => !seen.includes(status))
  const found = `${number(documented.length - unseen.length)} of ${number(documented.length)} documented statuses seen`
  const list = process.env.CONFORMANCE_UNSEEN === '1' ? unseen.map((status) => `    never seen: ${status}`) : []
  return [`  ${project}: ${number(checked)} of ${number(answered)} REST answers checked against OpenAPI, ${found}`, ...list]
}

export interface ConformanceFiles {
  fileOf(project: string): string
  /** The lines of every project that checked something; the files are gone then. */
  lines(): string[]
}

export function createConformanceFiles(): ConformanceFiles {
  let directory: string | undefined
  const files = new Map<string, string>()
  return {
    fileOf(project) {
      directory ??= mkdtempSync(join(tmpdir(), 'vestibule-conformance-'))
      const file = join(directory, project)
      files.set(project, file)
      return file
    },
    lines() {
      const texts = [...files]
        .filter(([, file]) => existsSync(file))
        .map(([project, file]) => [project, readFileSync(file, 'utf8')] as const)
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
      directory = undefined
      files.clear()
      const documented = texts.length > 0 ? documentedStatuses() : []
      return texts.flatMap(([project, text]) => linesOf(project, text, documented))
    },
  }
}

/**
 * The dialects that are served, built-in ones and those of files. Of those of files, every document is checked against the schema and
 * every route against the requirement of its operation; of the built-in ones, a test does that once for all starts. Read once, before
 * the database is opened.
 */
import type { DocumentNode } from 'graphql'
import { type Config, ConfigError } from '../config.ts'
import { isAtLeast } from '../domain/access/requirements.ts'
import { checkDocument, rootFieldOf } from '../graphql/checkDocument.ts'
import { type Dialect, type Row, withInstead } from '../rest/dialect.ts'
import { enabledDialects } from '../rest/dialects.ts'
import { fromOperation } from '../rest/fromOperation.ts'
import { loadDialects } from '../rest/loading/load.ts'

const rowProblem = ({ document, who }: Row): string | undefined => {
  try {
    checkDocument(document as DocumentNode)
  } catch (error) {
    return `its document ${(error as Error).message}`
  }
  const asked = fromOperation(document).who
  if (isAtLeast(who, asked)) return undefined
  return `requires \`${who}\`, which is less than the \`${asked}\` of its operation ${rootFieldOf(document as DocumentNode)}`
}

/** What is wrong with the routes of a dialect, seen from the operations that they run. */
export const operationProblems = ({ mounts }: Dialect): string[] =>
  mounts
    .flatMap(({ rows }) => rows)
    .flatMap(withInstead)
    .flatMap((row) => {
      const problem = rowProblem(row)
      return problem === undefined ? [] : [`${row.method} ${row.path}: ${problem}`]
    })

/** @throws {ConfigError} with one line for each problem of a file */
export async function readDialects(config: Config): Promise<readonly Dialect[]> {
  const { loaded, problems } = await loadDialects(config.DIALECTS)
  const ofOperations = loaded.flatMap(({ path, dialect }) => operationProblems(dialect).map((problem) => `${path}: ${problem}`))
  const all = [...problems, ...ofOperations]
  if (all.length > 0) throw new ConfigError(all.map((problem) => `DIALECTS: ${problem}`))
  return enabledDialects(
    config,
    loaded.map(({ dialect }) => dialect),
  )
}

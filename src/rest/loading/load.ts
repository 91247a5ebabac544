/**
 * Loads the dialects of files: DIALECTS may name modules whose default export is made by `defineDialect`. They get the rules of the surface
 * `custom`, whatever they claim, so that a file cannot choose weaker ones. All problems are reported at once, at start.
 */
import { defaultExport, firstLine, isSameFile } from '../../config/loadModule.ts'
import { isModulePath, ownDialects } from '../../config.ts'
import { problemsOf } from '../defineDialect.ts'
import type { Dialect } from '../dialect.ts'
import { openApiOf } from '../openapi/document.ts'
import { formProblems } from './forms.ts'
import { shapeProblems } from './shape.ts'

export interface LoadedDialect {
  /** As the setting names it. */
  readonly path: string
  readonly dialect: Dialect
}

export interface Loading {
  readonly loaded: readonly LoadedDialect[]
  /** Each with the path that it is about. */
  readonly problems: readonly string[]
}

const openApiProblem = (dialect: Dialect): string[] => {
  try {
    openApiOf(dialect)
    return []
  } catch (error) {
    return [`its OpenAPI document cannot be made: ${firstLine(error)}`]
  }
}

/** Each check needs that the earlier ones passed. */
const firstProblems = (...checks: readonly (() => string[])[]): string[] => {
  for (const check of checks) {
    const problems = check()
    if (problems.length > 0) return problems
  }
  return []
}

const loadOne = async (path: string): Promise<{ readonly dialect?: Dialect; readonly problems: readonly string[] }> => {
  try {
    const candidate = await defaultExport(path, '`npm run dialect:build`')
    const dialect: Dialect = { ...(candidate as Dialect), surface: 'custom' }
    const problems = firstProblems(
      () => shapeProblems(candidate),
      () => problemsOf(dialect),
      () => formProblems(dialect.mounts),
      () => openApiProblem(dialect),
    )
    return problems.length > 0 ? { problems } : { dialect, problems }
  } catch (error) {
    return { problems: [firstLine(error)] }
  }
}

/** Names that stand in paths and reports for something else already. */
const reserved: readonly string[] = [...ownDialects, 'graphql', 'custom']

const nameProblem = (name: string, others: readonly LoadedDialect[]): string | undefined => {
  if (reserved.includes(name)) return `the name ${name} is taken`
  const other = others.find(({ dialect }) => dialect.name === name)
  return other === undefined ? undefined : `the name ${name} is that of ${other.path} already`
}

/** Loads the modules among the entries of DIALECTS, in their order. */
export async function loadDialects(entries: readonly string[]): Promise<Loading> {
  const paths = entries.filter(isModulePath)
  const loaded: LoadedDialect[] = []
  const problems: string[] = []
  for (const [index, path] of paths.entries()) {
    if (paths.slice(0, index).some((other) => isSameFile(path, other))) {
      problems.push(`${path}: is there twice`)
      continue
    }
    const { dialect, problems: own } = await loadOne(path)
    const taken = dialect === undefined ? undefined : nameProblem(dialect.name, loaded)
    problems.push(...[...own, ...(taken === undefined ? [] : [taken])].map((problem) => `${path}: ${problem}`))
    if (dialect !== undefined && taken === undefined) loaded.push({ path, dialect })
  }
  return { loaded, problems }
}

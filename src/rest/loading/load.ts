/**
 * Loads the dialects of files: DIALECTS may name modules whose default export is made by `defineDialect`. They get the rules of the surface
 * `custom`, whatever they claim, so that a file cannot choose weaker ones. All problems are reported at once, at start.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isModulePath, ownDialects } from '../../config.ts'
import { problemsOf } from '../defineDialect.ts'
import type { Dialect } from '../dialect.ts'
import { openApiOf } from '../openapi/document.ts'
import { formProblems } from './forms.ts'
import { isMisnamedEsModule } from './moduleType.ts'
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

const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

/** How long a module may take, in ms. */
const LOADING = 10_000

/** A module whose top level never finishes would keep the start waiting. */
const inTime = async <T>(loading: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`has not finished loading in ${LOADING / 1000} seconds`)), LOADING)
  })
  return await Promise.race([loading, late]).finally(() => clearTimeout(timer))
}

const fileOf = (path: string): string => (path.startsWith('file:') ? fileURLToPath(path) : resolve(path))

/** @throws {Error} in words for whoever set the path */
const defaultExport = async (path: string): Promise<unknown> => {
  const file = fileOf(path)
  if (!existsSync(file)) throw new Error('there is no such file')
  if (/\.[cm]?ts$/.test(file)) throw new Error('is TypeScript: `npm run dialect:build` makes a module of it')
  const loading = import(/* @vite-ignore */ pathToFileURL(file).href).catch((error: unknown) => {
    if (isMisnamedEsModule(file, error)) throw new Error('is an ES module, which Node takes for CommonJS by its name: call it .mjs')
    throw new Error(`cannot be loaded: ${firstLine(error)}`)
  })
  const module = await inTime(loading)
  if (module.default === undefined) throw new Error('has no default export')
  return module.default
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
    const candidate = await defaultExport(path)
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

/** A `file:` URL that names no file of this machine is a problem of its own. */
const isSameFile = (path: string, other: string): boolean => {
  try {
    return fileOf(path) === fileOf(other)
  } catch {
    return path === other
  }
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

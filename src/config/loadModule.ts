/** Loads the modules that settings name by their paths: dialects and families of password hashes. Only at start. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { isMisnamedEsModule } from './moduleType.ts'

export const firstLine = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? ''

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

/**
 * The default export of a module. @param builtBy what makes a module of TypeScript
 * @throws {Error} in words for whoever set the path
 */
export const defaultExport = async (path: string, builtBy: string): Promise<unknown> => {
  const file = fileOf(path)
  if (!existsSync(file)) throw new Error('there is no such file')
  if (/\.[cm]?ts$/.test(file)) throw new Error(`is TypeScript: ${builtBy} makes a module of it`)
  const loading = import(/* @vite-ignore */ pathToFileURL(file).href).catch((error: unknown) => {
    if (isMisnamedEsModule(file, error)) throw new Error('is an ES module, which Node takes for CommonJS by its name: call it .mjs')
    throw new Error(`cannot be loaded: ${firstLine(error)}`)
  })
  const module = await inTime(loading)
  if (module.default === undefined) throw new Error('has no default export')
  return module.default
}

/** A `file:` URL that names no file of this machine is a problem of its own. */
export const isSameFile = (path: string, other: string): boolean => {
  try {
    return fileOf(path) === fileOf(other)
  } catch {
    return path === other
  }
}

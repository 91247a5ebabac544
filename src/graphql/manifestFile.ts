/**
 * The file of persisted documents, in each form that tools for front ends write:
 *
 * - an object of documents by their ids: GraphQL Code Generator (`persistedDocuments` of the client preset) and Relay (`persistConfig.file`);
 * - the manifest of Apollo's `generate-persisted-query-manifest`, which Apollo's clients for iOS and Kotlin write too.
 */
import { readFileSync } from 'node:fs'
import { ConfigError } from '../config.ts'

/** An id, and what the file has as its document. */
export type Entry = readonly [id: string, document: unknown]

const problem = (text: string): ConfigError => new ConfigError([`PERSISTED_OPERATIONS: ${text}`])

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const readJson = (path: string): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw problem(code === undefined ? `${path} is not JSON` : `${path} cannot be read (${code})`)
  }
}

const APOLLO = 'apollo-persisted-query-manifest'

const apolloEntries = (path: string, { version, operations }: Readonly<Record<string, unknown>>): Entry[] => {
  if (version !== 1) throw problem(`${path} is an Apollo manifest of version ${JSON.stringify(version)}; version 1 is known`)
  if (!Array.isArray(operations)) throw problem(`${path} is an Apollo manifest without a list of operations`)
  return operations.map((operation: unknown, index) => {
    if (!isObject(operation) || typeof operation.id !== 'string') throw problem(`operations[${index}]: has no id`)
    return [operation.id, operation.body]
  })
}

/** @throws {ConfigError} with one line if there are no documents */
export function readManifestFile(path: string): readonly Entry[] {
  const value = readJson(path)
  if (!isObject(value)) throw problem(`${path} is not a JSON object of documents by their ids`)
  const entries = value.format === APOLLO ? apolloEntries(path, value) : Object.entries(value)
  if (entries.length === 0) throw problem(`${path} holds no document`)
  return entries
}

/**
 * The manifest of persisted documents: a JSON object from SHA-256, in hex, to document, as code generators for front ends write it. It
 * is read once, at start. Every hash is checked, and every document against all rules for requests, so that every document in the
 * manifest can run.
 */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type DocumentNode, GraphQLError, Kind, NoSchemaIntrospectionCustomRule, specifiedRules, validate } from 'graphql'
import { type Config, ConfigError } from '../config.ts'
import { limitRules, parseLimited } from './documentLimits.ts'
import { schema } from './schema.ts'

/** Documents by the SHA-256 of their text, in lower-case hex. */
export type Manifest = ReadonlyMap<string, string>

export const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex')

const problem = (text: string): ConfigError => new ConfigError([`PERSISTED_OPERATIONS: ${text}`])

const readEntries = (path: string): [string, unknown][] => {
  let value: unknown
  try {
    value = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw problem(code === undefined ? `${path} is not JSON` : `${path} cannot be read (${code})`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw problem(`${path} is not a JSON object of documents by their SHA-256`)
  const entries = Object.entries(value)
  if (entries.length === 0) throw problem(`${path} holds no document`)
  return entries
}

/** Operations of a kind that the schema does not have, which validation rules do not report. */
const withoutRoot = (document: DocumentNode): string[] =>
  document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .filter(({ operation }) => schema.getRootType(operation) == null)
    .map(({ operation }) => `Schema is not configured to execute ${operation} operation.`)

const refusalsOf = (text: string, introspection: boolean): readonly string[] => {
  try {
    const document = parseLimited(text)
    const rules = [...specifiedRules, ...limitRules, ...(introspection ? [] : [NoSchemaIntrospectionCustomRule])]
    return [...withoutRoot(document), ...validate(schema, document, rules).map(({ message }) => message)]
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message]
    throw error
  }
}

const problemsOf = ([hash, document]: [string, unknown], introspection: boolean): string[] => {
  const name = JSON.stringify(hash.slice(0, 80)).slice(1, -1)
  if (typeof document !== 'string') return [`${name}: is not text`]
  if (hashOf(document) !== hash) return [`${name}: is not the SHA-256 of its document, in lower-case hex`]
  return refusalsOf(document, introspection).map((message) => `${name}: ${message.replace(/\s+/g, ' ')}`)
}

/** The manifest of PERSISTED_OPERATIONS, if that is set. @throws {ConfigError} with a line for each problem */
export function readManifest({ PERSISTED_OPERATIONS: path, INTROSPECTION }: Config): Manifest | undefined {
  if (path === undefined) return undefined
  const entries = readEntries(path)
  const problems = entries.flatMap((entry) => problemsOf(entry, INTROSPECTION))
  if (problems.length > 0) throw new ConfigError(problems.map((text) => `PERSISTED_OPERATIONS: ${text}`))
  return new Map(entries as [string, string][])
}

/**
 * The manifest of persisted documents (`manifestFile.ts`), read once, at start. Ids in the form of a hash are checked, and every document
 * against all rules for requests, so that every document in the manifest can run.
 */
import { createHash } from 'node:crypto'
import { type DocumentNode, GraphQLError, Kind } from 'graphql'
import { type Config, ConfigError } from '../config.ts'
import { createValidation, parseLimited, type ValidateDocument } from './documentLimits.ts'
import { type Entry, readManifestFile } from './manifestFile.ts'
import { schema } from './schema.ts'

/** Documents by their ids, and by the SHA-256 of their text in lower-case hex, without `sha256:`. */
export type Manifest = ReadonlyMap<string, string>

const digestOf = (algorithm: string, document: string): string => createHash(algorithm).update(document).digest('hex')

export const hashOf = (document: string): string => digestOf('sha256', document)

/** `sha256:<hex>` of the GraphQL over HTTP proposal, as the hex alone; any other id as it is. */
export const withoutPrefix = (id: string): string => id.replace(/^sha256:(?=[\da-f]{64}$)/, '')

/** Operations of a kind that the schema does not have, which validation rules do not report. */
const withoutRoot = (document: DocumentNode): string[] =>
  document.definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .filter(({ operation }) => schema.getRootType(operation) == null)
    .map(({ operation }) => `Schema is not configured to execute ${operation} operation.`)

const refusalsOf = (text: string, validate: ValidateDocument): readonly string[] => {
  try {
    const document = parseLimited(text)
    return [...withoutRoot(document), ...validate(schema, document).map(({ message }) => message)]
  } catch (error) {
    if (error instanceof GraphQLError) return [error.message]
    throw error
  }
}

/** The hashes that front-end tools use as ids: SHA-256 with or without its prefix, SHA-1 (client preset), MD5 (Relay). */
const HASHES: readonly (readonly [RegExp, string, string])[] = [
  [/^sha256:|^[\da-f]{64}$/i, 'SHA-256', 'sha256'],
  [/^[\da-f]{40}$/i, 'SHA-1', 'sha1'],
  [/^[\da-f]{32}$/i, 'MD5', 'md5'],
]
const ID = /^[!-~]{1,256}$/

const idProblem = (id: string, document: string): string | undefined => {
  if (!ID.test(id)) return 'is not an id: 1 to 256 visible ASCII characters'
  const [, name, algorithm] = HASHES.find(([form]) => form.test(id)) ?? []
  if (algorithm === undefined || digestOf(algorithm, document) === withoutPrefix(id)) return undefined
  return `is not the ${name} of its document, in lower-case hex`
}

const problemsOf = ([id, document]: Entry, validate: ValidateDocument): string[] => {
  const name = JSON.stringify(id.slice(0, 80)).slice(1, -1)
  if (typeof document !== 'string') return [`${name}: is not text`]
  const problem = idProblem(id, document)
  if (problem !== undefined) return [`${name}: ${problem}`]
  return refusalsOf(document, validate).map((message) => `${name}: ${message.replace(/\s+/g, ' ')}`)
}

/** Ids that stand for two documents. */
const ambiguous = (entries: readonly Entry[]): string[] => {
  const documents = new Map(entries)
  const ids = entries.filter(([id, document]) => documents.get(id) !== document).map(([id]) => id)
  return [...new Set(ids)].map((id) => `${id}: is the id of two documents`)
}

/** The manifest of PERSISTED_OPERATIONS, if that is set. @throws {ConfigError} with a line for each problem */
export function readManifest(config: Config): Manifest | undefined {
  const { PERSISTED_OPERATIONS: path } = config
  if (path === undefined) return undefined
  const entries = readManifestFile(path)
  const validate = createValidation(config)
  const problems = [...entries.flatMap((entry) => problemsOf(entry, validate)), ...ambiguous(entries)]
  if (problems.length > 0) throw new ConfigError(problems.map((text) => `PERSISTED_OPERATIONS: ${text}`))
  return new Map(
    (entries as [string, string][]).flatMap(([id, document]) => [
      [withoutPrefix(id), document],
      [hashOf(document), document],
    ]),
  )
}

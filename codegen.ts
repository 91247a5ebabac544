/**
 * Writes `schema.graphql` from the code, and typed documents, ready to run, from those of the dialects and of the example of a front
 * end, which gets its manifest of persisted documents as well. Run by `npm run codegen`; what it writes is committed, and CI proves
 * that it is current.
 */
import { writeFileSync } from 'node:fs'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'
import { persistedDocumentsOf, type Target, typedDocumentsOf } from './src/tools/typedDocuments.ts'

/** The dialects execute in the process, where a time is a Date. */
const dialects: Target = { documents: 'src/rest/operations', filename: 'src/rest/operations.ts', dateTime: 'Date' }
/** A front end gets JSON. */
const client: Target = { documents: 'examples/client/operations', filename: 'examples/client/operations.ts', dateTime: 'string' }

export async function main(): Promise<void> {
  const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`
  writeFileSync('schema.graphql', sdl)
  writeFileSync(dialects.filename, await typedDocumentsOf(sdl, dialects))
  const { code, manifest } = await persistedDocumentsOf(sdl, client)
  writeFileSync(client.filename, code)
  writeFileSync('examples/client/persisted.json', `${JSON.stringify(manifest, null, 2)}\n`)
}

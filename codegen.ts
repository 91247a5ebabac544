/**
 * Writes `schema.graphql` from the code, and typed documents, ready to run, from those of the dialects and of the example of a front
 * end, which gets its manifest of persisted documents as well. Run by `npm run codegen`, which takes the documents of more dialects:
 * `npm run codegen -- ../acme/operations.graphql`. What it writes in this tree is committed, and CI proves that it is current.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'
import { persistedDocumentsOf, type TypedFile, typedDocumentsOf } from './src/tools/typedDocuments.ts'

const OURS = 'src/rest/operations'

/** The dialects execute in the process, where a time is a Date. */
const dialects: TypedFile = { documents: [OURS], filename: 'src/rest/operations.ts', dateTime: 'Date' }
/** A front end gets JSON. */
const client: TypedFile = { documents: ['examples/client/operations'], filename: 'examples/client/operations.ts', dateTime: 'string' }

/** A dialect outside, with the fragment of failures that every document of a dialect spreads. */
const outside = (path: string): TypedFile => ({
  documents: [join(OURS, 'failure.graphql'), path],
  filename: path.replace(/\.graphql$/, '.ts'),
  dateTime: 'Date',
})
const EXAMPLE = 'examples/fifth-dialect/operations.graphql'

export async function main({ args }: { readonly args: readonly string[] }): Promise<void> {
  const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`
  writeFileSync('schema.graphql', sdl)
  for (const file of [dialects, ...[EXAMPLE, ...args].map(outside)]) writeFileSync(file.filename, await typedDocumentsOf(sdl, file))
  const { code, manifest } = await persistedDocumentsOf(sdl, client)
  writeFileSync(client.filename, code)
  writeFileSync('examples/client/persisted.json', `${JSON.stringify(manifest, null, 2)}\n`)
}

/**
 * `npm run codegen`: `schema.graphql` from the code, and typed documents, ready to run, for the dialects and the examples. What it writes
 * in this tree is committed, and CI proves that it is current.
 *
 * `npm run codegen -- PATH ...` writes those of others instead, and nothing of ours: of a file, the documents of a dialect
 * (`operations.ts` beside `operations.graphql`); of a folder, those of a front end (`operations.ts` and `persisted.json` beside `operations`).
 */
import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { lexicographicSortSchema, printSchema } from 'graphql'
import { schema } from './src/graphql/schema.ts'
import { DocumentsError, persistedDocumentsOf, type TypedFile, typedDocumentsOf } from './src/tools/typedDocuments.ts'

const OURS = 'src/rest/operations'
const EXAMPLES = ['examples/fifth-dialect/operations.graphql', 'examples/client/operations']

/** The dialects execute in the process, where a time is a Date. */
const dialects: TypedFile = { documents: [OURS], filename: 'src/rest/operations.ts', dateTime: 'Date' }

/** A dialect outside, with the fragment of failures that every document of a dialect spreads. */
const dialect = (path: string): TypedFile => ({
  documents: [join(OURS, 'failure.graphql'), path],
  filename: path.replace(/\.graphql$/, '.ts'),
  dateTime: 'Date',
})

/** A front end gets JSON. */
const frontEnd = (path: string): TypedFile => ({ documents: [path], filename: `${resolve(path)}.ts`, dateTime: 'string' })

const writeTyped = async (sdl: string, file: TypedFile): Promise<void> => writeFileSync(file.filename, await typedDocumentsOf(sdl, file))

const writeOutside = async (sdl: string, path: string): Promise<void> => {
  if (path.endsWith('.graphql')) return await writeTyped(sdl, dialect(path))
  const file = frontEnd(path)
  const { code, manifest } = await persistedDocumentsOf(sdl, file)
  writeFileSync(file.filename, code)
  writeFileSync(join(dirname(file.filename), 'persisted.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

/** What is wrong with the documents is for whoever wrote them; anything else is a fault of ours. */
const problemsOf = async (written: Promise<void>): Promise<readonly string[]> => {
  try {
    await written
    return []
  } catch (error) {
    if (error instanceof DocumentsError) return error.problems
    throw error
  }
}

export async function main({ args }: { readonly args: readonly string[] }): Promise<void> {
  const sdl = `${printSchema(lexicographicSortSchema(schema))}\n`
  const problems: string[] = []
  if (args.length === 0) {
    writeFileSync('schema.graphql', sdl)
    problems.push(...(await problemsOf(writeTyped(sdl, dialects))))
  }
  for (const path of args.length === 0 ? EXAMPLES : args) problems.push(...(await problemsOf(writeOutside(sdl, path))))
  if (problems.length === 0) return
  process.stderr.write(`${problems.join('\n')}\n`)
  process.exitCode = 1
}

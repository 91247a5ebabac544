/**
 * The configuration of GraphQL Code Generator: `npm run codegen` (or `npx graphql-codegen`) writes `schema.graphql` and
 * `possible-types.json` from the code, typed documents for the dialects, the pages and the examples, and the schema for the cache of urql. The output is
 * committed, and `npm run drift` checks that it is current.
 *
 * `npm run codegen -- PATH ...` generates from other documents instead: PATH is a file of a dialect (`operations.ts` is written beside
 * `operations.graphql`), or a folder of a front end (`operations.ts` and `persisted.json` are written beside it).
 */
import { existsSync } from 'node:fs'
import type { CodegenConfig } from '@graphql-codegen/cli'
import { formatDocument, stringifyDocument } from '@urql/core'
import { getIntrospectedSchema, minifyIntrospectionQuery } from '@urql/introspection'
import { schema } from './src/graphql/schema.ts'
import { schemaFiles } from './src/graphql/schemaFiles.ts'
import { appOutput, dialectOutput, frontEndOutputs, type TextOf } from './src/tools/documentOutputs.ts'

const OURS = 'src/rest/operations'
const EXAMPLES = [
  'examples/fifth-dialect/operations.graphql',
  'examples/client/operations',
  'examples/spa/operations',
  'examples/urql/operations',
]
const PAGES = ['src/web/visitor/operations', 'src/web/account/operations', 'src/web/admin/operations']

/** The cache of urql adds `__typename` to each selection, and urql removes empty lines. */
const textOfUrql: TextOf = (document) => stringifyDocument(formatDocument(document) as typeof document)
const TEXTS: Readonly<Record<string, TextOf>> = Object.fromEntries(['examples/urql/operations', ...PAGES].map((path) => [path, textOfUrql]))

/** External dialects use our fragment `Failure`, which every document of a dialect spreads. */
const outputsOf = (path: string) => {
  if (!existsSync(path)) throw new Error(`${path}: there is no such file or folder`)
  if (!path.endsWith('.graphql')) return frontEndOutputs(path, TEXTS[path])
  return dialectOutput(path.replace(/\.graphql$/, '.ts'), [`${OURS}/failure.graphql`, path])
}

const files = schemaFiles(schema)
const withLineEnd = (_path: string, text: string): string => `${text.trimEnd()}\n`

const ours = {
  'schema.graphql': { plugins: ['schema-ast'], hooks: { beforeOneFileWrite: withLineEnd } },
  'possible-types.json': {
    plugins: [{ add: { content: files['possible-types.json'].trimEnd() } }],
    hooks: { beforeOneFileWrite: withLineEnd },
  },
  'examples/urql/introspection.json': {
    plugins: [{ add: { content: JSON.stringify(minifyIntrospectionQuery(getIntrospectedSchema(files['schema.graphql']))) } }],
    hooks: { beforeOneFileWrite: withLineEnd },
  },
  ...dialectOutput('src/rest/operations.ts', [`${OURS}/*.graphql`]),
  ...appOutput('examples/apollo/operations'),
}

const paths = process.argv.slice(2).filter((argument) => !argument.startsWith('-'))
const outputs = (paths.length > 0 ? paths : [...EXAMPLES, ...PAGES]).map(outputsOf)

const config: CodegenConfig = {
  schema: files['schema.graphql'],
  generates: Object.assign({}, ...(paths.length > 0 ? [] : [ours]), ...outputs),
}

export default config

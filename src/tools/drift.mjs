/**
 * Checks that the committed generated files are current: runs the generators and compares the contents before and after. If they
 * differ, it exits with code 1 and leaves the new files to be reviewed and committed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { npm, root } from './childProcess.mjs'

const generators = ['codegen', 'docs:settings', 'docs:access', 'docs:openapi', 'docs:moving', 'docs:packages']
const documents = ['idiot', 'wekan', 'xiot', 'authentication'].map((name) => `docs/openapi/${name}.json`)
const files = [
  'schema.graphql',
  'possible-types.json',
  'src/rest/operations.ts',
  'examples/apollo/operations.ts',
  'examples/client/operations.ts',
  'examples/client/persisted.json',
  'examples/fifth-dialect/operations.ts',
  'examples/spa/operations.ts',
  'examples/spa/persisted.json',
  'examples/urql/operations.ts',
  'examples/urql/persisted.json',
  'examples/urql/introspection.json',
  '.env.example',
  'docs/settings.md',
  'docs/authorization.md',
  'docs/moving/account.schema.json',
  'docs/licences.md',
  'docs/sbom.cdx.json',
  ...documents,
]

const read = (file) => (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined)

// The files of Relay's compiler: it compares them itself.
npm(['run', '--silent', 'postcodegen', '--', '--validate'])
const before = new Map(files.map((file) => [file, read(file)]))
for (const generator of generators) npm(['run', '--silent', generator])
const changed = files.filter((file) => read(file) === undefined || read(file) !== before.get(file))
if (changed.length > 0) {
  process.stderr.write(`These files were outdated, and have been written again: ${changed.join(', ')}\n`)
  process.exitCode = 1
}

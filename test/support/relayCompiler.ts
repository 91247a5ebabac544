/** relay-compiler on sources in a temporary folder, beside our schema. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from './database.ts'

const run = promisify(execFile)

/** What the compiler prints. Rejects if it refuses the source. */
export async function compileWithRelay(name: string, source: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'relay-compiler-'))
  try {
    await mkdir(join(folder, 'src'))
    await copyFile(join(root, 'schema.graphql'), join(folder, 'schema.graphql'))
    await writeFile(join(folder, `src/${name}.ts`), source)
    await writeFile(join(folder, 'relay.config.json'), '{ "src": "src", "schema": "schema.graphql", "language": "typescript" }')
    return (await run(process.execPath, [join(root, 'node_modules/relay-compiler/cli.js')], { cwd: folder })).stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}

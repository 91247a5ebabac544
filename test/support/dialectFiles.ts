/**
 * Modules of dialects for tests, in a directory that goes when the tests of a file end: the example, built by the tool that people
 * use, and others made of it by a few lines.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const EXAMPLE = join(root, 'examples/fifth-dialect/dialect.ts')

/** Runs `npm run dialect:build` without npm, which takes a second itself. */
export const buildDialect = async (source: string, module: string): Promise<string> =>
  (await promisify(execFile)(process.execPath, [join(root, 'src/tools/dialectBuild.mjs'), source, module])).stdout

export interface DialectFiles {
  readonly directory: string
  /** The example, built. */
  readonly kiosk: string
  /** Writes a file into the directory. */
  write(name: string, text: string): string
  /** A module whose default export is made of the example, `kiosk`, by an expression, such as `{ ...kiosk, name: 'other' }`. */
  from(name: string, expression: string): string
}

export function useDialectFiles(): () => DialectFiles {
  let files: DialectFiles | undefined
  beforeAll(async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vestibule-dialects-'))
    const kiosk = join(directory, 'kiosk.mjs')
    await buildDialect(EXAMPLE, kiosk)
    const write = (name: string, text: string): string => {
      writeFileSync(join(directory, name), text)
      return join(directory, name)
    }
    const header = `import kiosk from ${JSON.stringify(pathToFileURL(kiosk).href)}\n`
    files = { directory, kiosk, write, from: (name, expression) => write(name, `${header}export default ${expression}\n`) }
  })
  afterAll(() => files && rmSync(files.directory, { recursive: true, force: true }))
  return () => {
    if (files === undefined) throw new Error('the files are there in tests and hooks only')
    return files
  }
}

/**
 * Compares the committed OpenAPI documents with the frozen documents of the dialects: `npm run documents:check`.
 *
 * The comparison runs only if one of its inputs has changed since it last passed, or with `--force`; `test/openapi/stamp.json` keeps a
 * hash of them. A comparison that passes writes the stamp anew; one that fails ends with exit code 1.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

const FOLDER = 'test/openapi'
const STAMP = `${FOLDER}/stamp.json`

const filesBelow = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))

/** The frozen documents and what compares (test/openapi), what they are compared with (docs/openapi), and the helpers of both. */
const inputsOf = (root: string): string[] =>
  [
    ...filesBelow(root, FOLDER).filter((file) => file !== STAMP),
    ...filesBelow(root, 'docs/openapi'),
    'test/support/openApiDocument.ts',
    'node_modules/widdershins/package.json',
  ].sort()

/** A hash of all inputs. */
export const currentStamp = (root: string): string => {
  const hash = createHash('sha256')
  for (const file of inputsOf(root)) {
    const content = readFileSync(join(root, file), 'utf8')
    const counted = file.startsWith('node_modules/') ? JSON.parse(content).version : content
    hash.update(`${file}\0${counted}\0`)
  }
  return hash.digest('hex')
}

/** The hash of the inputs of the last comparison that passed. */
export const keptStamp = (root: string): string | undefined =>
  existsSync(join(root, STAMP)) ? JSON.parse(readFileSync(join(root, STAMP), 'utf8')).sha256 : undefined

export function main({ root, args }: { root: string; args: readonly string[] }): void {
  const sha256 = currentStamp(root)
  if (sha256 === keptStamp(root) && !args.includes('--force')) {
    console.log('documents:check: skipped, since neither the frozen documents nor the OpenAPI documents have changed (--force compares)')
    return
  }
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--root', '.', '--config', `${FOLDER}/vitest.config.ts`]
  const { status } = spawnSync(process.execPath, vitest, { cwd: root, stdio: 'inherit' })
  if (status === 0) writeFileSync(join(root, STAMP), `${JSON.stringify({ sha256 }, null, 2)}\n`)
  else process.exitCode = 1
}

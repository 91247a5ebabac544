/**
 * Runs a TypeScript tool: `node src/tools/run.mjs FILE [ARGUMENT ...]`.
 *
 * esbuild bundles the file (without packages) into `node_modules/.cache`, and its exported `main({ root, args })` is called; `root`
 * is the directory of package.json. The bundle is removed afterwards. This takes about 50 ms longer than running JavaScript.
 */
import { rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { loadEsbuild } from './esbuild.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [file, ...args] = process.argv.slice(2)
if (file === undefined) throw new Error('usage: node src/tools/run.mjs FILE [ARGUMENT ...]')

const { build } = await loadEsbuild()
const outfile = join(root, 'node_modules/.cache/vestibule', `${basename(file, '.ts')}-${process.pid}.mjs`)
try {
  await build({
    entryPoints: [resolve(file)],
    outfile,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'inline',
    logLevel: 'warning',
  })
  const { main } = await import(pathToFileURL(outfile).href)
  await main({ root, args })
} finally {
  await rm(outfile, { force: true })
}

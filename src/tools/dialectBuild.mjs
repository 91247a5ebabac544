/**
 * Builds a dialect as one module: `npm run dialect:build -- SOURCE [MODULE]`, by default beside its source. It contains all its
 * imports, so the file can be put anywhere; DIALECTS names it. Its name ends in `.mjs`, which Node reads as an ES module whatever
 * package.json is near. Types are not checked: use `npx tsc`.
 */
import { join, relative, resolve } from 'node:path'
import { root } from './childProcess.mjs'
import { loadEsbuild } from './esbuild.mjs'

const [source, module = source?.replace(/\.[cm]?ts$/, '.mjs')] = process.argv.slice(2)

if (source === undefined || resolve(source) === resolve(module)) {
  process.stderr.write('usage: npm run dialect:build -- SOURCE.ts [MODULE.mjs]\n')
  process.exit(1)
}

const { build } = await loadEsbuild()
try {
  await build({
    entryPoints: [resolve(source)],
    outfile: resolve(module),
    bundle: true,
    // The sources, so that nothing has to be built first and a dialect may be anywhere.
    alias: { 'vestibule/dialect': join(root, 'src/rest/sdk.ts') },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  })
} catch {
  // esbuild has printed the reason.
  process.exit(1)
}

const path = relative(process.cwd(), resolve(module))
process.stdout.write(
  `${path}: name it in DIALECTS, such as DIALECTS=idiot,wekan,xiot,authentication,${path.startsWith('.') ? '' : './'}${path}\n`,
)

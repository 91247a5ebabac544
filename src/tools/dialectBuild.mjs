/**
 * Makes one module of a dialect: `npm run dialect:build -- SOURCE [MODULE]`, the module beside its source by default. Everything that
 * it imports is in it, so that it can be put anywhere; DIALECTS names it. It is called `.mjs`, as Node takes that for an ES module
 * whatever package.json is above it. Types are not checked: that is what `npx tsc` is for.
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
  // esbuild has said why.
  process.exit(1)
}

const path = relative(process.cwd(), resolve(module))
process.stdout.write(
  `${path}: name it in DIALECTS, such as DIALECTS=idiot,wekan,xiot,authentication,${path.startsWith('.') ? '' : './'}${path}\n`,
)

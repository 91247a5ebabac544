/**
 * Bundles the server, the module `vestibule/dialect` and the command line into files in `dist`, with their packages. A start
 * takes a third less time than with thousands of small files, and needs no development packages.
 */
import { readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build, stop } from 'esbuild'
import { root } from './childProcess.mjs'
import { launcherOf } from './launcher.mjs'

const dist = join(root, 'dist')

/** Packages with files beside their code, and one that is not needed. */
const external = ['@electric-sql/pglite', '@graphql-yoga/render-graphiql', '@node-rs/argon2', 'argon2', 'bcrypt', 'pg-native']

/** What CommonJS packages expect to find in a module. */
const compatibility = `import { createRequire as __createRequire } from 'node:module'
import { fileURLToPath as __toPath } from 'node:url'
const require = __createRequire(import.meta.url), __filename = __toPath(import.meta.url), __dirname = __toPath(new URL('.', import.meta.url))`

/** Of the languages of zod's messages, only the one that is in use: the others are a tenth of what a start reads. */
const englishOnly = {
  name: 'zod-english-only',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({ contents: "export { default as en } from './en.js'", loader: 'js' })),
}

/** What people start, and what it loads. The command line is what shells start. */
const launchers = { [join(dist, 'main.js')]: 'server.js', [join(dist, 'cli.js')]: 'commandLine.js' }
const program = join(dist, 'cli.js')

/** Writes a file so that it appears only when it is complete. */
const writeWhole = (path, content) => {
  writeFileSync(`${path}.${process.pid}`, content, { mode: path === program ? 0o755 : 0o644 })
  renameSync(`${path}.${process.pid}`, path)
}

const options = {
  absWorkingDir: root,
  entryPoints: { server: 'src/main.ts', commandLine: 'src/cli.ts', dialect: 'src/rest/sdk.ts' },
  outdir: dist,
  bundle: true,
  splitting: true,
  external,
  plugins: [englishOnly],
  banner: { js: compatibility },
  platform: 'node',
  format: 'esm',
  target: 'node20',
  // Of graphql's two forms the one of modules: a bundle calls its functions directly, and not through a getter for each.
  alias: { graphql: join(root, 'node_modules/graphql/index.mjs') },
  // Shorter text is read faster; names stay, for stack traces.
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  sourcemap: 'linked',
  sourcesContent: false,
  write: false,
  logLevel: 'silent',
}

export async function bundle() {
  const { outputFiles } = await build(options)
  for (const { path, contents } of outputFiles) writeWhole(path, contents)
  for (const [path, module] of Object.entries(launchers)) writeWhole(path, launcherOf(module))
  const made = new Set([...outputFiles.map(({ path }) => path), ...Object.keys(launchers)])
  for (const name of readdirSync(dist)) if (/\.js(\.map)?$/.test(name) && !made.has(join(dist, name))) rmSync(join(dist, name))
  // Its helper process would live as long as the server.
  await stop()
}

/** The packages of which the bundle has code, by their paths: `node_modules/@prisma/client`. */
export async function bundledPackages() {
  const { metafile } = await build({ ...options, metafile: true, sourcemap: false })
  await stop()
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs))
  const paths = inputs.flatMap(([path, { bytesInOutput }]) =>
    bytesInOutput > 0 ? (/^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []) : [],
  )
  return [...new Set(paths)].sort()
}

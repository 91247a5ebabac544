/**
 * What `npm start` and `npm test` need and a fresh clone lacks: packages, the Prisma client, the bundle, the snapshot that
 * PGlite starts from. Each step runs only when its inputs changed since it ran last (by content, noted in dist/stamps.json), and
 * says so in one line. Runs before anything is installed, so it uses nothing but Node.
 *
 * Cost when nothing is stale: some 20 ms. Two may run at once: one works, the other waits. In production nothing is made: what is
 * missing is one line that says what to run.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exclusively } from './buildLock.mjs'
import { npm, root, run } from './childProcess.mjs'
import { fingerprint } from './fingerprint.mjs'
import { withHeartbeat } from './heartbeat.mjs'
import { isInstalled, packageCount } from './installed.mjs'
import { isProduction } from './intent.mjs'

const dist = join(root, 'dist')
const stampsPath = join(dist, 'stamps.json')

const readStamps = () => {
  try {
    return JSON.parse(readFileSync(stampsPath, 'utf8'))
  } catch {
    return {}
  }
}

/** Complete or not at all, so that nobody reads half a file. */
const writeWhole = (path, content) => {
  mkdirSync(dist, { recursive: true })
  writeFileSync(`${path}.${process.pid}`, content)
  renameSync(`${path}.${process.pid}`, path)
}

/** Packages with files of their own beside their code, and one that nobody needs. */
const outside = ['@electric-sql/pglite', '@graphql-yoga/render-graphiql', '@node-rs/argon2', 'pg-native']

/** What packages of the older kind expect to find in a module. */
const compatibility = `import { createRequire as __createRequire } from 'node:module'
import { fileURLToPath as __toPath } from 'node:url'
const require = __createRequire(import.meta.url), __filename = __toPath(import.meta.url), __dirname = __toPath(new URL('.', import.meta.url))`

const entries = { main: 'src/main.ts', dialect: 'src/rest/sdk.ts', migrate: 'src/tools/migrate.ts', usage: 'src/tools/usage.ts' }

/**
 * The program, what dialects import as `vestibule/dialect`, and the tools of operators, with the packages in them: a start takes a third
 * less than with a few thousand small files, and nothing of development is needed.
 */
const bundle = async () => {
  const { build, stop } = await import('esbuild')
  const shape = {
    bundle: true,
    splitting: true,
    external: outside,
    banner: { js: compatibility },
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    write: false,
    logLevel: 'silent',
  }
  const entryPoints = Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, join(root, path)]))
  const { outputFiles } = await build({ entryPoints, outdir: dist, ...shape })
  for (const { path, contents } of outputFiles) writeWhole(path, contents)
  const made = new Set(outputFiles.map(({ path }) => path))
  for (const name of readdirSync(dist)) if (/\.js(\.map)?$/.test(name) && !made.has(join(dist, name))) rmSync(join(dist, name))
  // Its helper process would live as long as the server.
  await stop()
}

/** The versions of some packages, as package.json has them. */
const versions = (...names) => {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return names.map((name) => `${name}@${dependencies[name]}`).join()
}

const client = ['prisma/schema.prisma', 'prisma.config.ts']
const generated = 'src/db/generated'

/** In this order. `inputs` are hashed; `made` says whether the result is there; `forTests` is false for what tests do without. */
const steps = [
  {
    name: 'client',
    say: 'Generating the Prisma client',
    inputs: () => fingerprint(client) + versions('@prisma/client'),
    made: () => existsSync(join(root, generated, 'client.ts')),
    make: () => run(process.execPath, ['node_modules/prisma/build/index.js', 'generate']),
    forTests: true,
  },
  {
    name: 'bundle',
    say: 'Building',
    inputs: () => fingerprint(['src', 'package-lock.json', ...client], [generated]),
    made: () => Object.keys(entries).every((name) => existsSync(join(dist, `${name}.js`))),
    make: bundle,
    forTests: false,
  },
  {
    name: 'snapshot',
    say: 'Preparing the embedded database',
    inputs: () => fingerprint(['prisma/migrations']) + versions('@electric-sql/pglite'),
    made: () => existsSync(dist) && readdirSync(dist).some((name) => /^pglite-\w+\.tar\.gz$/.test(name)),
    make: () => run(process.execPath, ['src/tools/run.mjs', 'src/tools/snapshot.ts']),
    forTests: true,
  },
]

const isStale = ({ name, inputs, made }) => !made() || readStamps()[name] !== inputs()

const refresh = async (step, say) => {
  const inputs = step.inputs()
  say(`${step.say} ...\n`)
  await step.make()
  writeWhole(stampsPath, JSON.stringify({ ...readStamps(), [step.name]: inputs }))
}

const install = async (say) => {
  say(`Installing some ${packageCount()} packages, about 750 MB, once (npm ci) ...\n`)
  const work = () => npm('ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund')
  await withHeartbeat(work, (seconds) => say(`  still installing, ${seconds} s ...\n`))
}

const requireNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Vestibule needs Node 20.19 or newer; this is ${process.versions.node}.`)
}

const refreshAll = async (wanted, say) => {
  requireNode()
  if (isInstalled() && !wanted.some(isStale)) return
  await exclusively(async () => {
    if (!isInstalled()) await install(say)
    for (const step of wanted) if (isStale(step)) await refresh(step, say)
  })
}

const orEnd = async (work) => {
  try {
    await work()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  }
}

const toOutput = (line) => process.stdout.write(line)

/**
 * Makes what is missing or stale. On failure it prints why and ends the process with code 1.
 * @param {{ test?: boolean, say?: (line: string) => void }} options `test` leaves out the bundle: the tests that start the program do
 * so by start.mjs.
 */
export async function prepare({ test = false, say = toOutput } = {}) {
  await orEnd(() =>
    refreshAll(
      steps.filter(({ forTests }) => forTests || !test),
      say,
    ),
  )
}

const BUILD = '`npm ci --include=dev && npm run build`'

/** Sources that are not there cannot be newer than the build. */
const isOfOtherSources = () => existsSync(join(root, 'src/main.ts')) && isStale(steps.find(({ name }) => name === 'bundle'))

const refuseUnlessMade = () => {
  requireNode()
  const because = 'and a start in production installs and builds nothing'
  if (!isInstalled({ production: true }))
    throw new Error(`vestibule: packages are missing, ${because}: run \`npm ci --omit=dev\` beside a build, or ${BUILD} for both`)
  if (!existsSync(join(dist, 'main.js'))) throw new Error(`vestibule: there is no build in dist, ${because}: run ${BUILD}`)
  if (isOfOtherSources()) throw new Error(`vestibule: the build in dist is of other sources, ${because}: run ${BUILD}`)
}

/** Before the program, or a tool of operators: as `prepare`, but in production nothing is made. */
export async function makeReady({ say = toOutput } = {}) {
  if (isProduction()) await orEnd(refuseUnlessMade)
  else await prepare({ say })
}

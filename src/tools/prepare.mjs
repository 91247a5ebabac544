/**
 * Makes what `npm start` and `npm test` need and a fresh clone lacks: packages, the Prisma client, the bundle, the snapshot for
 * PGlite. Each is made if its inputs have changed (by content, because `git checkout` changes times), with one line on standard
 * error. It runs before packages are installed, so it uses only Node.
 *
 * Cost if nothing has changed: about 20 ms. In production nothing is made; if something is missing, one line says what to run.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import * as util from 'node:util'
import { node, npm, root } from './childProcess.mjs'
import { complaintAbout } from './launcher.mjs'

const at = (path) => join(root, path)

const read = (path) => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const client = ['prisma/schema.prisma', 'prisma.config.ts', 'package-lock.json']

/** The steps, in order. `stamp` holds the hash of the inputs, beside the result. */
const steps = [
  {
    say: 'Generating the Prisma client',
    inputs: client,
    stamp: 'src/db/generated/.stamp',
    make: () => node(['node_modules/prisma/build/index.js', 'generate']),
  },
  { say: 'Building', inputs: ['src', ...client], stamp: 'dist/.bundle', make: async () => (await import('./bundle.mjs')).bundle() },
  {
    say: 'Building the pages',
    inputs: ['src/web', 'package-lock.json'],
    stamp: 'dist/.pages',
    make: () => node(['src/tools/buildPages.mjs']),
  },
  {
    say: 'Preparing the embedded database',
    inputs: ['prisma/migrations', 'package-lock.json'],
    stamp: 'dist/.snapshot',
    make: () => node(['src/tools/run.mjs', 'src/tools/snapshot.ts']),
  },
]

const filesOf = (path) => {
  if (path === 'src/db/generated') return []
  if (statSync(at(path)).isFile()) return [path]
  return readdirSync(at(path)).flatMap((name) => filesOf(`${path}/${name}`))
}

const fingerprint = (paths) => {
  const hash = createHash('sha256')
  for (const path of paths.flatMap(filesOf).sort()) hash.update(`${path}\0`).update(readFileSync(at(path)))
  return hash.digest('hex')
}

const isStale = ({ inputs, stamp }) => read(at(stamp)) !== fingerprint(inputs)

/** @param {boolean} production whether packages for development may be absent */
const isInstalled = (production) => {
  const packagesOf = (path) => JSON.parse(read(at(path)) || '{}').packages
  const present = packagesOf('node_modules/.package-lock.json')
  // Other installers, and images into which packages were copied, leave no such list.
  const isThere = (path, version) => (present || !production ? present?.[path]?.version === version : existsSync(at(path)))
  return Object.entries(packagesOf('package-lock.json')).every(
    ([path, { version, optional, dev, devOptional }]) =>
      path === '' || optional || (production && (dev || devOptional)) || isThere(path, version),
  )
}

const say = (line) => process.stderr.write(`${line}\n`)

const makeAll = async () => {
  if (!isInstalled(false)) {
    say('Installing packages, about 1.2 GB, once (npm ci) ...')
    npm(['ci', '--ignore-scripts', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], ['ignore', 2, 2])
  }
  for (const step of steps.filter(isStale)) {
    const hash = fingerprint(step.inputs)
    say(`${step.say} ...`)
    await step.make()
    writeFileSync(at(step.stamp), hash)
  }
}

const lock = at('dist/.building')

/** Whether this process has the lock. A lock of a process that has ended, or that is older than any build takes, is removed. */
const takesLock = () => {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  try {
    const pid = Number(readFileSync(lock, 'utf8'))
    if (pid > 0) process.kill(pid, 0)
    if (pid === process.pid || Date.now() - statSync(lock).mtimeMs > 15 * 60_000) rmSync(lock, { force: true })
  } catch (error) {
    if (error.code === 'ESRCH') rmSync(lock, { force: true })
  }
  return false
}

/** If two processes run at once, one works and the other waits. */
const makeAlone = async () => {
  mkdirSync(at('dist'), { recursive: true })
  while (!takesLock()) await sleep(100)
  await makeAll().finally(() => rmSync(lock, { force: true }))
}

const requireNode = () => {
  const complaint = complaintAbout(process.versions.node)
  if (complaint !== undefined) throw new Error(complaint)
}

const BUILD = '`npm ci --include=dev && npm run build`'

const refuseUnlessMade = () => {
  const because = 'and a start in production installs and builds nothing'
  if (!isInstalled(true))
    throw new Error(`vestibule: packages are missing, ${because}: run \`npm ci --omit=dev\` beside a build, or ${BUILD} for both`)
  if (!existsSync(at('dist/main.js'))) throw new Error(`vestibule: there is no build in dist, ${because}: run ${BUILD}`)
  // Without sources there is nothing that could be newer than the build.
  if (existsSync(at('src/main.ts')) && isStale(steps[1]))
    throw new Error(`vestibule: the build in dist was made from other sources, ${because}: run ${BUILD}`)
}

/** Whether NODE_ENV, from the environment or `.env`, is anything but development or test; invalid values are refused later. */
const isProduction = () =>
  !['', 'development', 'test'].includes((process.env.NODE_ENV ?? util.parseEnv(read('.env')).NODE_ENV ?? '').trim())

const orEnd = async (work) => {
  try {
    requireNode()
    await work()
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

const makeMissing = async () => (isInstalled(false) && !steps.some(isStale) ? undefined : await makeAlone())

/** Makes what is missing or outdated. If that fails, it prints the reason and exits with code 1. */
export const prepare = () => orEnd(makeMissing)

/** For the server and the tools of operators: like `prepare`, but in production nothing is made. */
export const makeReady = () => orEnd(() => (isProduction() ? refuseUnlessMade() : makeMissing()))

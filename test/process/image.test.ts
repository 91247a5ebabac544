/**
 * The image, built from its Dockerfile in plain directories (test/support/dockerfile.ts) and run as its user, without rights, on a tree that
 * nobody can write to. `npm run test:image` carries out each step as it is; in the ordinary suite, packages are copied from this checkout
 * in place of `npm ci`, and so is the build.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { root } from '../support/database.ts'
import { buildImage, type Image } from '../support/dockerfile.ts'
import { isFullSize } from '../support/fullSize.ts'
import { freePort } from '../support/postgresServer.ts'
import { logLines } from '../support/program.ts'

const isRoot = process.getuid?.() === 0
const context = root.replace(/\/$/, '')

let scratch = ''
let image: Image
let port = 0

/** What `npm ci --omit=dev` would leave, from the packages of this checkout. */
const copyPackages = (directory: string): void => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean }> }
  const paths = Object.entries(packages).filter(([path]) => path !== '' && existsSync(join(root, path)))
  const [kept, left] = [paths.filter(([, { dev }]) => !dev), paths.filter(([, { dev }]) => dev)]
  const top = kept.flatMap(([path]) => (path.lastIndexOf('node_modules/') === 0 ? [path] : []))
  execFileSync('cp', ['-a', '--parents', ...top, directory], { cwd: root })
  for (const [path] of left) rmSync(join(directory, path), { recursive: true, force: true })
}

const instead = (command: string, directory: string): boolean => {
  if (isFullSize || command === 'mkdir empty') return false
  if (command.startsWith('npm ci --omit=dev ')) copyPackages(directory)
  else if (command === 'npm run build') execFileSync('cp', ['-a', join(root, 'dist'), directory])
  else if (!command.startsWith('npm ci ')) throw new Error(`what stands for ${command}?`)
  return true
}

/** As an engine starts it: as its user, without capabilities, and without a way to get any. */
const asUser = (command: readonly string[]): readonly [string, readonly string[]] => {
  const [uid = '', gid = ''] = image.user.split(':')
  if (!isRoot) return [command[0] ?? '', command.slice(1)]
  const rights = ['--clear-groups', '--no-new-privs', '--bounding-set=-all', '--inh-caps=-all']
  return ['setpriv', [`--reuid=${uid}`, `--regid=${gid}`, ...rights, ...command]]
}

const environment = (): NodeJS.ProcessEnv => ({
  PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
  ...image.env,
  DATA_DIR: image.at(image.env.DATA_DIR ?? ''),
  HOST: '127.0.0.1',
  PORT: String(port),
  ADMIN_EMAIL: 'root@example.com',
  ADMIN_PASSWORD: 'a long enough password',
})

const run = (command: readonly string[]) => {
  const [file, args] = asUser(command)
  return promisify(execFile)(file, args, { cwd: image.at('.'), env: environment() })
}

const everyPath = (directory: string): string[] => readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort()

beforeAll(async () => {
  scratch = mkdtempSync(join(tmpdir(), 'vestibule-image-'))
  chmodSync(scratch, 0o755)
  image = buildImage(context, scratch, instead)
  if (isRoot) execFileSync('chown', ['-R', '0:0', image.at('.')])
  execFileSync('chmod', ['-R', 'a-w', image.at('.')])
  port = await freePort()
}, 600_000)
afterAll(() => {
  execFileSync('chmod', ['-R', 'u+w', scratch])
  rmSync(scratch, { recursive: true, force: true })
})

describe('the image', () => {
  test('it holds what runs and nothing else: no sources, no settings, no tests, no tools', () => {
    expect(readdirSync(image.root).sort()).toEqual(['data', 'srv'])
    expect(readdirSync(image.at('.')).sort()).toEqual(['LICENSE', 'dist', 'node_modules', 'package.json', 'prisma'])
    expect(readdirSync(image.at('prisma'))).toEqual(['migrations'])
    expect(['typescript', 'prisma', '@prisma/client', 'vitest'].filter((name) => existsSync(image.at(`node_modules/${name}`)))).toEqual([])
    const kibibytes = Number(execFileSync('du', ['-sk', image.at('.')], { encoding: 'utf8' }).split('\t')[0])
    expect(kibibytes).toBeLessThan(170 * 1024)
    expect(kibibytes).toBeGreaterThan(60 * 1024)
  })

  test('its user is not root, and owns nothing but an empty /data that nobody else can read', () => {
    expect(image.user).toBe('1000:1000')
    expect(readdirSync(image.at('/data'))).toEqual([])
    expect((statSync(image.at('/data')).mode & 0o777).toString(8)).toBe('700')
    if (isRoot) expect(statSync(image.at('/data')).uid).toBe(1000)
  })

  test('it starts, is healthy, serves, takes commands and stops, and writes to /data only', async () => {
    const before = everyPath(image.at('.'))
    const [file, args] = asUser(image.command)
    const begun = performance.now()
    const child = spawn(file, args, { cwd: image.at('.'), env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, errors] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk
    })
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors += chunk
    })
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
    try {
      await expect.poll(() => logLines(out).some(({ msg }) => msg === 'ready') || errors, { timeout: 60_000 }).toBe(true)
      process.stdout.write(`The image is ready after ${Math.round(performance.now() - begun)} ms.\n`)
      expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200)
      await expect(run(image.health)).resolves.toMatchObject({ stderr: '' })
      const { stdout } = await run(['node', 'dist/cli.js', 'user', 'list', '--json'])
      expect(stdout).toContain('root@example.com')
      child.kill('SIGTERM')
      expect(await ended).toBe(0)
      expect(errors).toBe('')
      // The health check fails where no server runs.
      await expect(run(image.health)).rejects.toMatchObject({ code: 1 })
      expect(everyPath(image.at('.'))).toEqual(before)
      expect(readdirSync(image.at('/data'))).toEqual(expect.arrayContaining(['pglite', 'secret.key']))
    } finally {
      child.kill('SIGKILL')
      await ended
    }
  })

  test.skipIf(!isRoot)('its user could not change the program', async () => {
    await expect(run(['sh', '-c', 'echo >> dist/main.js'])).rejects.toMatchObject({ code: 2 })
    await expect(run(['sh', '-c', 'mkdir node_modules/mine'])).rejects.toMatchObject({ code: 1 })
  })
})

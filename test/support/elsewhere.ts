/**
 * A repository of somebody else, `acme`, in a temporary directory beside a `vestibule` that is this one, with packages that are linked
 * and not installed, so that what a page tells people to type there can be run without a network.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Elsewhere {
  readonly directory: string
  write(name: string, text: string): string
  /** Runs lines of a shell in it. Rejects with what a line that failed has printed. */
  run(lines: string): Promise<string>
}

const link = (target: string, path: string): void => {
  mkdirSync(dirname(path), { recursive: true })
  symlinkSync(target, path)
}

/** What `npm install` would have put there. */
const install = (directory: string, names: readonly string[]): void => {
  const modules = join(directory, 'node_modules')
  for (const name of names) link(name === 'vestibule' ? root : join(root, 'node_modules', name), join(modules, name))
  link('../typescript/bin/tsc', join(modules, '.bin/tsc'))
}

/** The packages that a line of a page installs: `file:../vestibule` is `vestibule`. */
export const packagesOf = (install: string): readonly string[] =>
  install
    .replace(/^npm install --save-dev /, '')
    .split(' ')
    .map((name) => name.replace('file:../', ''))

export function useElsewhere(packages: readonly string[]): () => Elsewhere {
  let there: Elsewhere | undefined
  let parent = ''
  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'vestibule-elsewhere-'))
    const directory = join(parent, 'acme')
    link(root, join(parent, 'vestibule'))
    install(directory, packages)
    const write = (name: string, text: string): string => {
      writeFileSync(join(directory, name), text)
      return join(directory, name)
    }
    write('package.json', '{ "name": "acme", "type": "commonjs" }\n')
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, npm_config_offline: 'true', npm_config_update_notifier: 'false' }
    const run = async (lines: string): Promise<string> => {
      const done = promisify(execFile)('sh', ['-ec', lines], { cwd: directory, env })
      return (await done.catch(({ stdout, stderr }) => Promise.reject(new Error(`${stdout}${stderr}`)))).stdout
    }
    there = { directory, write, run }
  })
  afterAll(() => rmSync(parent, { recursive: true, force: true }))
  return () => {
    if (there === undefined) throw new Error('it is there in tests and hooks only')
    return there
  }
}

/** The scripts of `vestibule completion`, run by the shells that they are for. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { cliIn, systemEnv } from '../support/cli.ts'

const has = (shell: string): boolean => {
  try {
    execFileSync(shell, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
const without = (shell: string) => (has(shell) ? '' : ` (skipped: there is no ${shell}; apt-get install ${shell})`)

let directory: string
const scripts = new Map<string, string>()
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-completion-'))
  const cli = cliIn(directory)
  await Promise.all(
    ['bash', 'zsh', 'fish'].map(async (shell) => {
      const { code, out, errors } = await cli(['completion', shell])
      expect({ code, errors }).toEqual({ code: 0, errors: '' })
      const path = join(directory, shell)
      writeFileSync(path, out)
      scripts.set(shell, path)
    }),
  )
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** What a shell offers for the last of the words, without the options that every command has. */
type Offers = (words: readonly string[]) => string[]

const run = (shell: string, args: readonly string[]): string[] =>
  execFileSync(shell, args, { cwd: directory, env: systemEnv(), encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '')
    .sort()

const bash: Offers = (words) => {
  const list = ['vestibule', ...words].map((word) => `'${word}'`).join(' ')
  const ask = `source '${scripts.get('bash')}'; COMP_WORDS=(${list}); COMP_CWORD=${words.length}; _vestibule; printf '%s\\n' "\${COMPREPLY[@]}"`
  return run('bash', ['--norc', '-c', ask])
}

const zsh: Offers = (words) => {
  const list = ['vestibule', ...words].map((word) => `'${word}'`).join(' ')
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is for zsh
  const stubs = 'compdef() { :; }; _files() { :; }; _describe() { print -rl -- "${choices[@]%%:*}" }'
  const ask = `${stubs}; source '${scripts.get('zsh')}'; words=(${list}); CURRENT=$#words; _vestibule`
  return run('zsh', ['-f', '-c', ask]).filter((word) => word.startsWith(words.at(-1) ?? ''))
}

const fish: Offers = (words) =>
  run('fish', ['--no-config', '-c', `source '${scripts.get('fish')}'; complete -C 'vestibule ${words.join(' ')}'`]).map(
    (line) => line.split('\t', 1)[0] ?? '',
  )

const check = (offers: Offers): void => {
  expect(offers(['us'])).toEqual(['usage', 'user'])
  expect(offers(['user', 'set'])).toEqual(['set-password'])
  expect(offers(['session', 'e'])).toEqual(['end'])
  expect(offers(['completion', 'b'])).toEqual(['bash'])
  expect(offers(['user', 'delete', '--y'])).toEqual(['--yes'])
  expect(offers(['user', 'list', '--a'])).toEqual(['--admins'])
  expect(offers(['doctor-'])).toEqual([])
}

test.skipIf(!has('bash'))(`bash completes commands, values and options${without('bash')}`, () => check(bash))
test.skipIf(!has('zsh'))(`zsh completes commands, values and options${without('zsh')}`, () => check(zsh))
test.skipIf(!has('fish'))(`fish completes commands, values and options${without('fish')}`, () => check(fish))

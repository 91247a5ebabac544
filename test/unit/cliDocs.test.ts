/** Every command has its help, and its examples and its row in docs/cli.md are those of a command that is there. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { completionOf } from '../../src/cli/commands/completion.ts'
import { serve } from '../../src/cli/commands/serve.ts'
import { commands, groups } from '../../src/cli/commands.ts'
import { parseCommandLine } from '../../src/cli/program.ts'
import { root } from '../support/database.ts'

const parts = { groups, version: '1.2.3' }
const all = [serve, ...commands, completionOf({ ...parts, commands: [serve, ...commands] })]
const parse = (...words: string[]) => parseCommandLine({ ...parts, commands: all }, words)
const shown = all.filter(({ isHidden }) => isHidden !== true)

/** One row of the docs is for all imports, and one for all exports that have the options of their origins. */
const rowOf = (name: string): string => name.replace(/^(import|export) (?!list$|show$|undo$|all$|user$|audit$).+/, '$1 ORIGIN')

/** The words of an example, up to what a shell takes. */
const wordsOf = (line: string): string[] => line.replace(/\s*[<>|].*$/, '').split(' ')

describe('every command', () => {
  it.each(shown.map((command) => [command.name, command] as const))('%s has a help whose examples it takes', (name, command) => {
    const help = parse(...name.split(' '), '--help')
    if (help.kind !== 'text') throw new Error(help.kind)
    expect(help.text).toContain(command.summary)
    expect(command.examples.length).toBeGreaterThan(0)
    for (const [line, does] of command.examples) {
      expect(help.text).toContain(`vestibule ${line}`)
      expect(help.text).toContain(does)
      expect(parse(...wordsOf(line))).toMatchObject({ kind: 'run', command: { name } })
    }
  })

  it('is in the docs, with what asks, and nothing else is', () => {
    const page = readFileSync(join(root, 'docs/cli.md'), 'utf8')
    const table = page.slice(page.indexOf('## Commands'), page.indexOf('An account is named'))
    const rows = [...table.matchAll(/^\| `([^`]+)` \|.*\| (yes)? ?\| [\d, ]*\|$/gm)].map(
      ([, name, asks]) => [name, asks === 'yes'] as const,
    )
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(shown.map(({ name, asks }) => [rowOf(name), asks === true])))
  })

  it('is lower case words with one line of summary', () => {
    for (const { name, summary } of all) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*( [a-z0-9]+(-[a-z0-9]+)*)?$/)
      expect(summary).toMatch(/^[A-Z][^\n]*[^.\n]$/)
    }
  })
})

/** The command lines in blocks of the shell, with what stands for a value as it is. */
const printedIn = (page: string): string[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^ *```sh\n(.*?)^ *```$/gms)].flatMap(([, block = '']) =>
    [...block.matchAll(/^ *(?:npx )?vestibule ([^\n]+)$/gm)].map(([, line = '']) => line.replace(/ +#.*$/, '')),
  )

describe('the command lines of the docs', () => {
  const pages = ['README.md', ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file))]
  const printed = pages.filter((page) => page.endsWith('.md')).flatMap((page) => printedIn(page).map((line) => ({ page, line })))

  it('are those of commands that are there, with options that these have', () => {
    const words = (line: string) => wordsOf(line.replace('import ORIGIN', 'import json'))
    expect(printed.length).toBeGreaterThan(80)
    expect(printed.map((each) => ({ ...each, as: parse(...words(each.line)) })).filter(({ as }) => as.kind === 'wrong')).toEqual([])
  })

  it('say --with-secrets where an origin is given its accounts back', () => {
    const back = printed.filter(({ line }) => /^export (wekan|django|keycloak) /.test(line))
    expect(back.length).toBeGreaterThan(5)
    expect(back.filter(({ line }) => !line.includes(' --with-secrets ') || !line.includes(' --over '))).toEqual([])
  })
})

describe('a command line', () => {
  it.each([
    [['user', 'lst'], "unknown command 'lst' (Did you mean list?)"],
    [['user', 'show'], "missing required argument 'user'"],
    [['user', 'show', 'a', 'b'], "too many arguments for 'show'. Expected 1 argument but got 2."],
    [['usage', '--csv'], "unknown option '--csv'"],
    [['usage', '--since'], "option '--since <period>' argument missing"],
    [['user', 'list', '--yes'], "unknown option '--yes'"],
    [['completion', 'tcsh'], "command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish."],
  ])('%j is refused in one line', (words, message) => {
    expect(parse(...words)).toEqual({ kind: 'wrong', message })
  })

  it('without a command shows the help', () => {
    for (const words of [[], ['user']])
      expect(parse(...words)).toMatchObject({
        kind: 'wrong',
        message: 'a command is missing',
        help: expect.stringContaining('Usage: vestibule'),
      })
  })

  it('may ask for help and version', () => {
    expect(parse('--version')).toEqual({ kind: 'text', text: '1.2.3\n' })
    expect(parse('help', 'usage')).toMatchObject({ kind: 'text', text: expect.stringContaining('Usage: vestibule usage') })
    expect(parse('--help')).toMatchObject({ kind: 'text', text: expect.stringContaining('  doctor ') })
    expect(parse('--help')).toMatchObject({ text: expect.not.stringContaining('doctor-database') })
  })

  it('gives arguments and options by their names', () => {
    expect(parse('user', 'set-password', 'ada', '--no-must-change', '--json')).toMatchObject({
      kind: 'run',
      args: { user: 'ada', mustChange: false },
      flags: { json: true, yes: false },
    })
    expect(parse('user', 'grant', '--scope', 'a', 'ada', '--scope', 'b')).toMatchObject({ args: { user: 'ada', scope: ['a', 'b'] } })
    expect(parse('user', 'delete', 'ada', '--yes')).toMatchObject({ flags: { json: false, yes: true } })
  })
})

/**
 * The tours of the README and of the example of a fifth dialect, as printed: every command runs in a real shell with a real curl against
 * a fresh program started by its own start script, and answers what the page says it answers, but for ids, tokens and times.
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/database.ts'
import { buildDialect } from '../support/dialectFiles.ts'
import { killAll, startProgram } from '../support/program.ts'

const run = promisify(execFile)

interface Step {
  readonly command: string
  readonly output: string
}

/** The commands of a page, each with what it prints. */
const stepsOf = (page: string): Step[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .filter((part) => part !== '')
      .map((part) => {
        const [command = '', ...output] = part.trimEnd().split('\n')
        return { command, output: output.join('\n') }
      }),
  )

const README = stepsOf('README.md')

/** What differs from run to run, known by its form alone. */
const masked = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?!\.)/g, '<id>')
    .replace(/(?<="(?:token|accessToken|access|refresh)":")[^"]+(?=")/g, '<token>')
    .replace(/(?<="request_id":")[\da-f]{24}(?=")/g, '<request id>')

/** A page whose commands run one after the other, in one shell as it were, against a program with these settings. */
const describeTour = (name: string, steps: readonly Step[], settings: (directory: string) => Promise<Record<string, string>>): void => {
  describe(name, () => {
    let directory = ''
    let host = ''
    const variables: string[] = []

    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'vestibule-tour-'))
      host = new URL(await startProgram(directory, await settings(directory)).ready()).host
    })
    afterAll(async () => {
      await killAll()
      await rm(directory, { recursive: true })
    })

    const shell = async (script: string): Promise<string> => (await run('sh', ['-c', [...variables, script].join('\n')])).stdout

    it.each(steps)('$command', async ({ command, output }) => {
      const real = command.replaceAll('localhost:4000', host)
      const [, variable] = /^([A-Z]+)=/.exec(real) ?? []
      if (variable === undefined) return expect(masked(await shell(real))).toBe(masked(output))
      const value = await shell(`${real}\nprintf %s "$${variable}"`)
      expect(value).toMatch(/^[\w.:-]{40,}$/)
      variables.push(`${variable}='${value}'`)
    })
  })
}

const KIOSK = stepsOf('examples/fifth-dialect/README.md')

it('the pages have their commands', () => {
  expect(README.length).toBeGreaterThan(12)
  expect(KIOSK).toHaveLength(5)
})

describeTour('the tour of the README', README, async () => ({}))

describeTour('the example of a fifth dialect', [...README.slice(0, 1), ...KIOSK], async (directory) => {
  await buildDialect(join(root, 'examples/fifth-dialect/dialect.ts'), join(directory, 'dialects/kiosk.mjs'))
  return { DIALECTS: 'idiot,wekan,xiot,authentication,./dialects/kiosk.mjs' }
})

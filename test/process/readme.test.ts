/**
 * The README's tour, as printed: every command runs in a real shell with a real curl against a fresh program started by
 * its own start script, and answers what the README says it answers, but for ids, tokens and times.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/database.ts'
import { killAll, startProgram } from '../support/program.ts'

const run = promisify(execFile)

interface Step {
  readonly command: string
  readonly output: string
}

const readme = await readFile(join(root, 'README.md'), 'utf8')

const steps: Step[] = [...readme.matchAll(/```console\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .split(/^\$ /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [command = '', ...output] = part.trimEnd().split('\n')
      return { command, output: output.join('\n') }
    }),
)

/** What differs from run to run, told by its form alone. */
const masked = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, '<time>')
    .replace(/[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}(?!\.)/g, '<id>')
    .replace(/(?<="(?:token|accessToken)":")[^"]+(?=")/g, '<token>')
    .replace(/(?<="request_id":")[\da-f]{24}(?=")/g, '<request id>')

describe('the tour of the README', () => {
  let directory = ''
  let host = ''
  const variables: string[] = []

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vestibule-tour-'))
    host = new URL(await startProgram(directory).ready()).host
  })
  afterAll(async () => {
    await killAll()
    await rm(directory, { recursive: true })
  })

  const shell = async (script: string): Promise<string> => (await run('sh', ['-c', [...variables, script].join('\n')])).stdout

  it('has its commands', () => expect(steps.length).toBeGreaterThan(12))

  it.each(steps)('$command', async ({ command, output }) => {
    const real = command.replaceAll('localhost:4000', host)
    const [, variable] = /^([A-Z]+)=/.exec(real) ?? []
    if (variable === undefined) return expect(masked(await shell(real))).toBe(masked(output))
    const value = await shell(`${real}\nprintf %s "$${variable}"`)
    expect(value).toMatch(/^[\w.:-]{40,}$/)
    variables.push(`${variable}='${value}'`)
  })
})

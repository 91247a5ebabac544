/** The commands of a page of docs/moving that import, show, export and undo, run by the built program on a database of their own. */
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { createPostgresDatabase, root } from '../../support/database.ts'
import { run } from './run.ts'
import { blocksOf } from './runbook.ts'

const PROGRAM = join(root, 'dist/cli.js')

export const commandLine = existsSync(PROGRAM)
  ? { has: true, skipped: '' }
  : { has: process.env.CI !== undefined, skipped: ' (skipped: there is no dist/cli.js; npm run build)' }

/** What a command wrote, and how it ended. */
export interface Ran {
  readonly command: string
  readonly code: number
  readonly output: string
  /** How many accounts there are afterwards. */
  readonly accounts: number
}

const SECTIONS = ['2. ', '3. ', '4. ', '6. ']

const commandsOf = (origin: string): string[] =>
  SECTIONS.flatMap((section) => blocksOf(origin, section, 'sh'))
    .flatMap((block) => block.split('\n'))
    .filter((line) => /^npx vestibule (import|export) /.test(line))

interface Failed {
  readonly code?: number
  readonly stdout?: string
  readonly stderr?: string
}

/** Runs them in the order of the page. `RUN` is the run that the import printed; nobody is there to be asked, so `undo` gets `--yes`. */
export async function runPrinted(origin: string, cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Ran[]> {
  const database = await createPostgresDatabase()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const bin = join(cwd, 'bin-of-test')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${PROGRAM}" "$@"\n`)
  chmodSync(join(bin, 'npx'), 0o755)
  const settings = {
    DATABASE_URL: database.url,
    DATA_DIR: join(cwd, 'data'),
    SECRET_KEY: 'the key of a test that is long enough',
    NO_COLOR: '1',
  }
  const all = { ...env, ...settings, PATH: `${bin}:${process.env.PATH}` }
  const ran: Ran[] = []
  let id = ''
  try {
    for (const printed of commandsOf(origin)) {
      const command = printed.replace(/\bRUN\b/, id).replace(/^(npx vestibule import undo .*)$/, '$1 --yes')
      const done = await run('sh', ['-euc', command], { cwd, env: all }).then(
        (output) => ({ code: 0, output }),
        ({ code = 1, stdout = '', stderr = '' }: Failed) => ({ code, output: stdout + stderr }),
      )
      id = /import undo ([0-9a-f]{8})/.exec(done.output)?.[1] ?? id
      const { rows } = await client.query<{ count: string }>('SELECT count(*) FROM users')
      ran.push({ command: printed, ...done, accounts: Number(rows[0]?.count) })
    }
    return ran
  } finally {
    await client.end()
    await database.drop()
  }
}

const BACK_TO_DJANGO = 'npx vestibule export django back.json --with-secrets --since RUN --over users.json --report report.jsonl'

/** The five commands of a page, when so many accounts are created; 5 is "done in part". */
export const expectedOf = (origin: string, file: string, accounts: number, code: 0 | 5) => [
  { command: `npx vestibule import ${origin} ${file} --dry-run`, code, accounts: 0 },
  { command: `npx vestibule import ${origin} ${file}`, code, accounts },
  { command: 'npx vestibule import show RUN', code: 0, accounts },
  { command: origin === 'django' ? BACK_TO_DJANGO : 'npx vestibule export json changed.jsonl --since RUN', code: 0, accounts },
  { command: 'npx vestibule import undo RUN', code: 0, accounts: 0 },
]

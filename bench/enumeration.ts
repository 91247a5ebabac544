/**
 * Measures whether answers or response times show an outsider who has an account: sends requests about accounts and about unknown names
 * to the built server, in turns, and compares: `npm run bench:enumeration -- [--samples N] [--only TEXT]`.
 *
 * Uses a new embedded database, or a new one on the server of DATABASE_URL. Exits with 1 unless all answers are equal and the interval
 * of every shift is within the tolerance. docs/enumeration.md explains the output.
 */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/openDatabase.ts'
import { silent } from '../src/tools/silent.ts'
import { createBenchDatabase } from './database.ts'
import { createAsker, type Measured, measure } from './enumeration/measure.ts'
import { type Population, populate } from './enumeration/population.ts'
import { type Scenario, scenariosOf } from './enumeration/scenarios.ts'
import { startProgram } from './program.ts'
import { hodgesLehmann, mannWhitney, median, type Shift } from './statistics.ts'

/** Milliseconds, or a share of nobody's median, whichever is more. */
const TOLERANCE_MS = 1
const TOLERANCE_SHARE = 0.03
const ENDLESS = '1000000'

/** Limits out of the way, and hashes that rose above the least; everything else as in production. */
const settingsOf = (dataDir: string, databaseUrl: string | undefined): Record<string, string> => ({
  NODE_ENV: 'production',
  DATA_DIR: dataDir,
  ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  SECRET_KEY: randomBytes(32).toString('hex'),
  ARGON2_PASSES: '3',
  FORGET_PASSWORD_DISCLOSES: 'false',
  LIMIT_ADDRESS_PER_MINUTE: ENDLESS,
  LIMIT_PASSWORD_FAILURES: ENDLESS,
  LIMIT_PASSWORD_FAILURES_HARD: ENDLESS,
  LIMIT_CODE_FAILURES: ENDLESS,
  LIMIT_CODE_FAILURES_HARD: ENDLESS,
  LIMIT_RESET_MAILS: ENDLESS,
})

const makePeople = async (root: string, settings: Record<string, string>): Promise<Population> => {
  const config = readConfig(settings)
  const db = await openDatabase({ url: config.DATABASE_URL, dataDir: config.DATA_DIR, root, log: silent })
  try {
    await db.migrate()
    return await populate({ config, db, secretKeys: config.SECRET_KEY ?? [] })
  } finally {
    await db.close()
  }
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const ms = (value: number): string => value.toFixed(2)
const signed = (value: number): string => `${value < 0 ? '-' : '+'}${ms(Math.abs(value))}`

type Verdict = 'alike' | 'different' | 'undecided'

/** Alike: the whole interval is within the tolerance. Different: the whole of it is beyond. Undecided: it needs more samples. */
const verdictOf = ({ low, high }: Shift, tolerance: number): Verdict => {
  if (low >= -tolerance && high <= tolerance) return 'alike'
  return low > tolerance || high < -tolerance ? 'different' : 'undecided'
}

/** Compares a subject with nobody, and says it in a line. */
const compare = (nobody: Measured, somebody: Measured): Verdict => {
  const tolerance = Math.max(TOLERANCE_MS, TOLERANCE_SHARE * median(nobody.times))
  const interval = hodgesLehmann(nobody.times, somebody.times)
  const { shift, low, high } = interval
  const { p } = mannWhitney(nobody.times, somebody.times)
  const time = verdictOf(interval, tolerance)
  const sameAnswer = nobody.answers.size === 1 && new Set([...nobody.answers, ...somebody.answers]).size === 1
  const figures = `${ms(median(somebody.times)).padStart(7)}  ${signed(shift)} [${signed(low)}, ${signed(high)}]`
  const chance = p < 0.0001 ? '<0.0001' : p.toFixed(4)
  say(
    `  ${somebody.subject.padEnd(32)}${figures.padEnd(34)} ${chance.padStart(7)}  ±${ms(tolerance)}  ${time}${sameAnswer ? '' : ', ANSWERS DIFFER'}`,
  )
  return sameAnswer ? time : 'different'
}

const report = (scenario: Scenario, [nobody, ...others]: readonly Measured[]): Verdict[] => {
  if (nobody === undefined) return []
  say(`\n${scenario.name}`)
  say(`  ${nobody.subject.padEnd(32)}${ms(median(nobody.times)).padStart(7)}`)
  return others.map((other) => compare(nobody, other))
}

const run = async (url: string, scenarios: readonly Scenario[], samples: number): Promise<Verdict[]> => {
  const { ask, close } = createAsker(url)
  const verdicts: Verdict[] = []
  for (const scenario of scenarios) verdicts.push(...report(scenario, await measure(ask, scenario, samples)))
  close()
  return verdicts
}

const optionsOf = (args: string[]): { samples: number; only: string } => {
  const { values } = parseArgs({ args, options: { samples: { type: 'string', default: '300' }, only: { type: 'string', default: '' } } })
  const samples = Number(values.samples)
  if (!Number.isInteger(samples) || samples < 20) throw new Error('--samples: at least 20')
  return { samples, only: values.only }
}

/** Everything, on a database and in a directory that nobody else uses. */
const bench = async (root: string, settings: Record<string, string>, { samples, only }: ReturnType<typeof optionsOf>): Promise<void> => {
  const scenarios = scenariosOf(await makePeople(root, settings)).filter(({ name }) => name.includes(only))
  const program = await startProgram(root, settings)
  say(`${samples} samples of each, in milliseconds: median, shift against nobody [95 %], p of Mann-Whitney, tolerance, verdict`)
  const verdicts = await run(program.url, scenarios, samples).finally(() => program.stop())
  const count = (wanted: Verdict) => verdicts.filter((verdict) => verdict === wanted).length
  say(`\n${verdicts.length} pairs: ${count('alike')} alike, ${count('different')} different, ${count('undecided')} undecided`)
  if (count('alike') < verdicts.length) process.exitCode = 1
}

export async function main({ root, args }: { root: string; args: string[] }): Promise<void> {
  const options = optionsOf(args)
  const directory = await mkdtemp(join(tmpdir(), 'vestibule-bench-'))
  const database = await createBenchDatabase(process.env.DATABASE_URL)
  try {
    await bench(root, settingsOf(directory, database.url), options)
  } finally {
    await database.drop()
    await rm(directory, { recursive: true, force: true })
  }
}

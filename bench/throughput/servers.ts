/** The servers that are compared: ours as in production, and the limits. Each is started when it is first needed. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { prepareBetterAuth } from '../peers/betterAuth.ts'
import { type Program, startProgram, startServer } from '../program.ts'
import { makeAccounts, makeLimitAccounts, passwordHash } from './people.ts'
import { type Postgres, withClient } from './postgres.ts'

export const ACCOUNTS = 1_000

export interface Server {
  readonly name: string
  /** The running server; the first call starts it. */
  running(): Promise<Program>
  /** A second one, on the same database: for measurements of the start. */
  start(): Promise<Program>
}

export interface Servers {
  readonly ours: Server
  readonly limit: Server
  readonly pipelined: Server
  readonly yoga: Server
  /** Undefined: peers are not asked for. */
  readonly betterAuth: Server | undefined
  stop(): Promise<void>
}

/**
 * As in production, with all protections and their default limits: the load comes from many addresses through a trusted proxy, so
 * that no limit needs to be raised. Access tokens live longer than a full run.
 */
export const settingsOf = (dataDir: string, databaseUrl: string): Record<string, string> => ({
  NODE_ENV: 'production',
  DATA_DIR: dataDir,
  DATABASE_URL: databaseUrl,
  SECRET_KEY: randomBytes(32).toString('hex'),
  TRUSTED_PROXIES: 'loopback',
  ACCESS_TOKEN_LIFE: '4h',
  SHUTDOWN_DRAIN: '0',
})

/** Makes our tables. */
export const migrate = async (root: string, url: string): Promise<void> => {
  const database = await openDatabase({ url, dataDir: root, root, log: silent })
  await database.migrate().finally(() => database.close())
}

/** Starts one when it is first needed, and keeps it. */
const keep = (name: string, kept: Promise<Program>[], start: () => Promise<Program>): Server => {
  let running: Promise<Program> | undefined
  const startAndKeep = (): Promise<Program> => {
    running = start()
    kept.push(running)
    return running
  }
  return { name, start, running: () => running ?? startAndKeep() }
}

export async function prepareServers(root: string, postgres: Postgres, peers: boolean): Promise<Servers> {
  const dataDir = await mkdtemp(join(tmpdir(), 'vestibule-bench-'))
  const [url, limitUrl, hashed] = [await postgres.create(), await postgres.create(), await passwordHash()]
  await migrate(root, url)
  await withClient(url, (client) => makeAccounts(client, hashed, 0, ACCOUNTS))
  await withClient(limitUrl, (client) => makeLimitAccounts(client, hashed, ACCOUNTS))
  const settings = settingsOf(dataDir, url)
  const kept: Promise<Program>[] = []
  const limits = (name: string, file: string, env: Record<string, string>): Server =>
    keep(name, kept, () => startServer(join(root, 'bench/limits', file), root, { NODE_ENV: 'production', DATABASE_URL: limitUrl, ...env }))
  return {
    ours: keep('Vestibule', kept, () => startProgram(root, settings)),
    limit: limits('limit', 'statement.mjs', {}),
    pipelined: limits('limit, pipelined', 'statement.mjs', { PIPELINE: '1' }),
    yoga: limits('graphql-yoga alone', 'yoga.mjs', {}),
    betterAuth: peers ? keep('better-auth', kept, await prepareBetterAuth(root, postgres, ACCOUNTS)) : undefined,
    async stop() {
      for (const program of await Promise.allSettled(kept)) if (program.status === 'fulfilled') await program.value.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

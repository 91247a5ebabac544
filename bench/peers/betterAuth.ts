/** better-auth beside ours: its packages, its accounts, its sign-ins. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { startServer } from '../program.ts'
import { addressOf, emailOf, PASSWORD } from '../throughput/people.ts'
import { type Postgres, withClient } from '../throughput/postgres.ts'
import type { Bearer } from '../throughput/tokens.ts'

export const directoryOf = (root: string): string => join(root, 'bench/peers/better-auth')

/** Installs the packages of its lock file, unless they are there. */
export const installBetterAuth = (root: string): void => {
  const cwd = directoryOf(root)
  if (existsSync(join(cwd, 'node_modules/.package-lock.json'))) return
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd, stdio: 'inherit', shell: process.platform === 'win32' })
}

const post = async (url: string, path: string, body: unknown): Promise<Response> => {
  const headers = { 'content-type': 'application/json', origin: 'http://localhost' }
  const response = await fetch(`${url}/api/auth${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response
}

const USERS = `
  INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role)
  SELECT 'user' || n, 'Person ' || n, 'user' || n || '@example.com', true, now(), now(), 'user'
  FROM (SELECT lpad(i::text, 7, '0') AS n FROM generate_series(1, $1::int - 1) AS i) AS numbers`
const PASSWORDS = `
  INSERT INTO account (id, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
  SELECT 'account-' || u.id, u.id, 'credential', u.id, (SELECT password FROM account LIMIT 1), now(), now()
  FROM "user" u WHERE NOT EXISTS (SELECT FROM account WHERE "userId" = u.id)`

/** The first account by a sign-up, the others as its copies; the first is an administrator. */
const makeAccounts = async (serverUrl: string, databaseUrl: string, count: number): Promise<void> => {
  await post(serverUrl, '/sign-up/email', { name: 'Person 0000000', email: emailOf(0), password: PASSWORD })
  await withClient(databaseUrl, async (client) => {
    await client.query(USERS, [count])
    await client.query(PASSWORDS)
    await client.query(`UPDATE "user" SET role = 'admin' WHERE email = $1`, [emailOf(0)])
    await client.query('VACUUM ANALYZE')
  })
}

/** Makes its database and so many accounts; returns how to start it. */
export async function prepareBetterAuth(root: string, postgres: Postgres, count: number) {
  const directory = directoryOf(root)
  const url = await postgres.create()
  const env = { NODE_ENV: 'production', DATABASE_URL: url, SECRET_KEY: randomBytes(32).toString('hex') }
  execFileSync(process.execPath, ['server.mjs', 'migrate'], { cwd: directory, env: { ...process.env, ...env } })
  const start = () => startServer(join(directory, 'server.mjs'), directory, env)
  const program = await start()
  await makeAccounts(program.url, url, count).finally(() => program.stop())
  return start
}

/** The signed session token of an account. */
export const signInTo = async (url: string, index: number): Promise<Bearer> => {
  const response = await post(url, '/sign-in/email', { email: emailOf(index), password: PASSWORD })
  return { token: response.headers.get('set-auth-token') ?? '', from: addressOf(index) }
}

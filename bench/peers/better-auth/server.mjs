/**
 * better-auth with e-mail and password, bearer tokens and its administration, over node:http and `pg`. `server.mjs migrate` makes its
 * tables instead. Its rate limit is off, because it counts in the memory of the process by an address that it takes from a header.
 */
import { createServer } from 'node:http'
import { betterAuth } from 'better-auth'
import { getMigrations } from 'better-auth/db/migration'
import { toNodeHandler } from 'better-auth/node'
import { admin, bearer } from 'better-auth/plugins'
import pg from 'pg'

const { DATABASE_URL: connectionString, SECRET_KEY: secret, PORT = '0' } = process.env

const auth = betterAuth({
  baseURL: 'http://localhost',
  secret,
  database: new pg.Pool({ connectionString, max: 10 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [bearer(), admin()],
})

if (process.argv[2] === 'migrate') {
  const { runMigrations } = await getMigrations(auth.options)
  await runMigrations()
  process.exit(0)
}
const server = createServer(toNodeHandler(auth)).listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, msg: 'ready' })}\n`)
})

/**
 * The limit: what no server can do without. node:http and named statements of PostgreSQL for who-am-I, a page of a list, a sign-in
 * and a refresh, without any rule, limit, log or audit. `PIPELINE=1`: two clients that pipeline instead of a pool of ten.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { verify } from '@node-rs/argon2'
import pg from 'pg'

const { DATABASE_URL: connectionString, PORT = '0', PIPELINE } = process.env
const ME = 'SELECT u.id, u.name, u.email FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND s.expires_at > now()'
const PAGE = 'SELECT id, name, email, created_at FROM users ORDER BY id LIMIT 100 OFFSET $1'
const BY_EMAIL = 'SELECT id, email, password FROM users WHERE email = $1'
const OPEN = "INSERT INTO sessions VALUES ($1, $2, now() + interval '7 days')"
const ROTATE = "UPDATE sessions SET token_hash = $2, expires_at = now() + interval '7 days' WHERE token_hash = $1 AND expires_at > now()"

const connect = async () => {
  if (PIPELINE === undefined) return [new pg.Pool({ connectionString, max: 10 })]
  const clients = [0, 1].map(() => new pg.Client({ connectionString, pipeline: true }))
  for (const client of clients) await client.connect()
  return clients
}
const connections = await connect()
let turn = 0
const run = (name, text, values) => connections[turn++ % connections.length].query({ name, text, values })

const hashOf = (token) => createHash('sha256').update(token).digest('base64')
const callerOf = async ({ headers: { authorization = '' } }) => (await run('me', ME, [hashOf(authorization.slice(7))])).rows[0]
const bodyOf = async (request) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}

const signIn = async (request) => {
  const { email, password } = await bodyOf(request)
  const [account] = (await run('byEmail', BY_EMAIL, [email])).rows
  if (account === undefined || !(await verify(account.password, password))) return undefined
  const token = randomBytes(32).toString('base64url')
  await run('open', OPEN, [hashOf(token), account.id])
  return { token, user: { id: account.id, email: account.email } }
}

const refresh = async (request) => {
  const { token } = await bodyOf(request)
  const next = randomBytes(32).toString('base64url')
  const { rowCount } = await run('rotate', ROTATE, [hashOf(token), hashOf(next)])
  return rowCount === 1 ? { token: next } : undefined
}

const list = async (request) => {
  if ((await callerOf(request)) === undefined) return undefined
  return (await run('page', PAGE, [Number(request.url.split('=')[1])])).rows
}

const answerOf = (request) => {
  if (request.url === '/me') return callerOf(request)
  if (request.url === '/signin') return signIn(request)
  return request.url === '/refresh' ? refresh(request) : list(request)
}

const send = (response, status, value) => {
  const body = Buffer.from(JSON.stringify(value))
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
}

const server = createServer((request, response) => {
  answerOf(request).then(
    (value) => send(response, value === undefined ? 401 : 200, value ?? {}),
    (error) => send(response, 500, { error: String(error) }),
  )
}).listen(Number(PORT), '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}`, msg: 'ready' })}\n`)
})

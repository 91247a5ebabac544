/**
 * Two programs on one PostgreSQL behind nginx, HAProxy and (`npm run test:proxies`) Caddy, one of them with two workers: together they are one service, and each can be
 * stopped and started while clients go on.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { Agent, request as httpsRequest } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Balancer, hasBalancers, hasCaddy, startCaddy, startHaproxy, startNginx, withoutBalancers } from '../support/balancers.ts'
import { createPostgresDatabase, type PostgresDatabase } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { freePort } from '../support/postgresServer.ts'
import { killAll, logLines, type Program, startProgram } from '../support/program.ts'
import { type Answer, type Ask, headersOf, type Send, sendBy } from '../support/sendBy.ts'

const PASSWORD = 'a long enough password of mine'
const ADMIN = { ADMIN_EMAIL: 'root@example.com', ADMIN_PASSWORD: PASSWORD }

let directory: string
let database: PostgresDatabase
let nginx: Balancer
let ports: [number, number]
let programs: [Program, Program]
/** Where each program answers without nginx. */
let direct: [string, string]
let client: Agent

/** On a connection of its own. */
const askDirectly = (base: string, path: string, given: Ask = {}): Promise<Answer> => {
  const { hostname, port } = new URL(base)
  return sendBy(httpRequest, { hostname, port, path, headers: headersOf(given), agent: false }, given)
}

interface Through {
  readonly balancer?: Balancer
  readonly agent?: Agent
  readonly headers?: Record<string, string>
}

/** Through a balancer, from another address of this machine than the balancer itself has; nothing is tried again. */
const ask = (path: string, given: Ask = {}, { balancer = nginx, agent = client, headers }: Through = {}): Promise<Answer> => {
  const { port, ca } = balancer
  const to = { host: '127.0.0.1', port, servername: 'accounts.example.com', ca, localAddress: '127.0.0.7', agent }
  return sendBy(httpsRequest as Send, { ...to, path, headers: { host: 'accounts.example.com', ...headersOf(given), ...headers } }, given)
}

const post = (body: object, token?: string): Ask => ({ method: 'POST', body, token })
const graphql = (query: string, token?: string): Ask => post({ query }, token)
const signInQuery = (identifier: string, password = PASSWORD): string =>
  `mutation { result: signIn(input: { identifier: "${identifier}", password: "${password}" }) {
    __typename ... on SignInSuccess { credentials { accessToken { token } } } ... on Error { code } } }`
const tokenOf = ({ body }: Answer): string => body.data.result.credentials.accessToken.token

/** Each connection to the program of two workers is given to the next one. */
const statusesOf = async (token: string): Promise<number[]> => {
  const statuses: number[] = []
  for (const base of [direct[0], direct[0], direct[1]]) statuses.push((await askDirectly(base, '/api/user', { token })).status)
  return statuses
}

const start = (index: 0 | 1, workers: string): Program =>
  startProgram(directory, {
    DATABASE_URL: database.url,
    PORT: String(ports[index]),
    WORKERS: workers,
    TRUSTED_PROXIES: '127.0.0.1',
    PUBLIC_URL: 'https://accounts.example.com',
    SHUTDOWN_DRAIN: '1500ms',
    LIMIT_PASSWORD_FAILURES: '4',
    LIMIT_CHANGES: '100000',
    DATABASE_POOL_SIZE: '2',
    ...ADMIN,
  })

interface Load {
  answered(): number
  /** Ends it; resolves with how many requests had no answer, and the wrong answers. */
  end(): Promise<readonly [lost: number, wrong: readonly Answer[]]>
}

/** Twelve clients, of which four write and eight read, each on a connection of its own. */
const beginLoad = (balancer: Balancer, name: string, token: string): Load => {
  const wrong: Answer[] = []
  let [answered, lost, isOver] = [0, 0, false]
  const write = (agent: Agent) => {
    const query = `mutation { result: updateProfile(input: { bio: "${answered}" }) { __typename } }`
    return ask('/graphql', graphql(query, token), { balancer, agent })
  }
  const read = (agent: Agent) => ask('/api/user', { token }, { balancer, agent })
  const isRight = ({ body }: Answer) => body.username === name || body.data?.result.__typename === 'UpdateProfileSuccess'
  const client = async (_: unknown, index: number): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!isOver) {
      const answer = await (index % 3 === 0 ? write(agent) : read(agent)).catch(() => undefined)
      if (answer === undefined) lost += 1
      else if (isRight(answer)) answered += 1
      else wrong.push(answer)
    }
    agent.destroy()
  }
  const clients = Array.from({ length: 12 }, client)
  return {
    answered: () => answered,
    async end() {
      isOver = true
      await Promise.all(clients)
      return [lost, wrong]
    },
  }
}

describe.skipIf(!hasBalancers)(`behind a load balancer${withoutBalancers}`, () => {
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'vestibule-balanced-'))
    database = await createPostgresDatabase({ empty: true })
    ports = [await freePort(), await freePort()]
    programs = [start(0, '2'), start(1, '1')]
    direct = [await programs[0].ready(), await programs[1].ready()]
    nginx = await startNginx(ports)
    client = new Agent({ keepAlive: true })
  })
  afterAll(async () => {
    client?.destroy()
    await nginx?.stop()
    await killAll()
    await database?.drop()
    rmSync(directory, { recursive: true, force: true })
  })

  const signUpAt = async (base: string, name: string): Promise<string> => {
    const body = { username: name, email: `${name}@example.com`, password: PASSWORD }
    const { status, body: made } = await askDirectly(base, '/users/register', post(body))
    expect(status).toBe(200)
    return made.token
  }
  const signUp = (name: string): Promise<string> => signUpAt(direct[1], name)

  test('a session that began on one is known to the other at once, with the address of the true client', async () => {
    const token = tokenOf(await askDirectly(direct[0], '/graphql', graphql(signInQuery('root@example.com'))))
    expect(await statusesOf(token)).toEqual([200, 200, 200])
    const forged = { headers: { 'x-forwarded-for': '192.0.2.9' } }
    const own = tokenOf(await ask('/graphql', graphql(signInQuery('root@example.com')), forged))
    const sessions = '{ me { sessions { current clientAddress } } }'
    const seen: { current: boolean; clientAddress: string }[] = []
    for (let turn = 0; turn < 4; turn += 1) {
      const { body } = await ask('/graphql', graphql(sessions, own))
      seen.push(...body.data.me.sessions.filter(({ current }: { current: boolean }) => current))
    }
    expect(seen.map(({ clientAddress }) => clientAddress)).toEqual(['127.0.0.7', '127.0.0.7', '127.0.0.7', '127.0.0.7'])
  })

  test('a sign-out and a disabled account act on both at once', async () => {
    const signedOut = await signUp('ada')
    expect(await statusesOf(signedOut)).toEqual([200, 200, 200])
    await askDirectly(direct[0], '/graphql', graphql('mutation { signOut(input: {}) { __typename } }', signedOut))
    expect(await statusesOf(signedOut)).toEqual([401, 401, 401])
    const disabled = await signUp('grace')
    const { body } = await askDirectly(direct[0], '/graphql', graphql('{ me { id } }', disabled))
    const root = tokenOf(await askDirectly(direct[0], '/graphql', graphql(signInQuery('root@example.com'))))
    const disable = `mutation { result: setLoginEnabled(input: { id: "${body.data.me.id}", enabled: false }) { __typename } }`
    const { body: done } = await askDirectly(direct[1], '/graphql', graphql(disable, root))
    expect(done.data.result.__typename).toBe('SetLoginEnabledSuccess')
    expect(await statusesOf(disabled)).toEqual([401, 401, 401])
  })

  test('wrong passwords are counted over both', async () => {
    await signUp('edsger')
    const attempt = async (base: string, password: string): Promise<string> =>
      (await askDirectly(base, '/graphql', graphql(signInQuery('edsger', password)))).body.data.result.code ?? 'signed in'
    const wrong: string[] = []
    for (const base of [direct[0], direct[1], direct[0], direct[0], direct[1]]) wrong.push(await attempt(base, 'not this one'))
    expect(wrong.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => 'BAD_CREDENTIALS'))
    const right: string[] = []
    for (const base of [direct[0], direct[0], direct[1]]) right.push(await attempt(base, PASSWORD))
    expect(right).toEqual(['TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS', 'TOO_MANY_REQUESTS'])
  })

  test('nginx: when one program stops under load, no request is lost, whether it reads or writes', async () => {
    const load = beginLoad(nginx, 'barbara', await signUp('barbara'))
    try {
      await delay(700)
      const before = load.answered()
      programs[0].signal('SIGTERM')
      // Both workers warn load balancers first, and still answer.
      const readiness = async (): Promise<number> => (await fetch(`${direct[0]}/readyz`, { headers: { connection: 'close' } })).status
      for (let turn = 0; turn < 2; turn += 1) await expect.poll(readiness, { interval: 20 }).toBe(503)
      expect(await programs[0].exit).toEqual({ code: 0, signal: null })
      const stopped = logLines(programs[0].out()).filter(({ msg }) => msg === 'stopped')
      expect(stopped, programs[0].out()).toMatchObject([{ clean: true }, { clean: true }, { clean: true }])
      expect(stopped.map(({ worker }) => worker)).toEqual(expect.arrayContaining([1, 2, undefined]))
      const during = load.answered()
      await delay(500)
      const outcome = await load.end()
      const counts = [before, during - before, load.answered() - during]
      process.stdout.write(`nginx: ${counts[0]} answered before, ${counts[1]} during, ${counts[2]} after the stop of one of two\n`)
      expect(outcome).toEqual([0, []])
      expect(Math.min(...counts)).toBeGreaterThan(10)
    } finally {
      await load.end()
    }
  })

  /** Starts the program that was stopped before, then stops the other one, under load. */
  const replacesBoth = async (
    what: string,
    name: string,
    stopped: 0 | 1,
    startBalancer: (servers: readonly [number, number]) => Promise<Balancer>,
  ): Promise<void> => {
    const balancer = await startBalancer(ports)
    const other = stopped === 0 ? 1 : 0
    const load = beginLoad(balancer, name, await signUpAt(direct[other], name))
    try {
      programs[stopped] = start(stopped, '2')
      await programs[stopped].ready()
      // It asks every second.
      await delay(1_500)
      const before = load.answered()
      programs[other].signal('SIGTERM')
      expect(await programs[other].exit).toEqual({ code: 0, signal: null })
      const during = load.answered()
      await delay(500)
      expect(await load.end()).toEqual([0, []])
      const counts = [before, during - before, load.answered() - during]
      process.stdout.write(`${what}: ${counts[0]} answered before, ${counts[1]} during, ${counts[2]} after the stop of the older one\n`)
      expect(Math.min(...counts)).toBeGreaterThan(10)
      const forged = { balancer, headers: { 'x-forwarded-for': '192.0.2.9' } }
      const own = tokenOf(await ask('/graphql', graphql(signInQuery(name)), forged))
      const { body } = await ask('/graphql', graphql('{ me { sessions { current clientAddress } } }', own), { balancer })
      expect(body.data.me.sessions).toContainEqual({ current: true, clientAddress: '127.0.0.7' })
    } finally {
      await load.end()
      await balancer.stop()
    }
  }

  test('HAProxy: both programs are replaced in turn under load, and no request is lost or meets a program that starts', async () => {
    await replacesBoth('HAProxy', 'hedy', 0, startHaproxy)
  })

  // `npm run test:proxies`
  test.skipIf(!isFullSize || !hasCaddy)(
    'Caddy: both programs are replaced in turn under load, and no request is lost or meets a program that starts',
    async () => {
      await replacesBoth('Caddy', 'radia', 1, startCaddy)
    },
  )
})

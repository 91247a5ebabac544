/**
 * A whole Vestibule for the tests of one file: an empty database, the app on it, listening on real HTTP, with the mails it
 * sends and the lines it logs at hand. Requests are handed to the app, or go over HTTP where a test asks for it. Tests come in by the front door only; `db` is for looking, not for doing. Each answer of
 * a dialect that comes by `request` is checked against the dialect's OpenAPI document.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, inject } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { type Config, readConfig } from '../../src/config.ts'
import type { Database } from '../../src/db/database.ts'
import type { Deliver, Log, Mail } from '../../src/domain/base/ports.ts'
import type { Argon2 } from '../../src/domain/hashing/argon2.ts'
import { readManifest } from '../../src/graphql/manifest.ts'
import { toFetch } from '../../src/http/fetchAdapter.ts'
import { nobody, type Observer, observers } from '../../src/http/observer.ts'
import { readWebFiles } from '../../src/pages/webFiles.ts'
import { createAccessLog } from '../../src/server/accessLog.ts'
import { type Listening, listen } from '../../src/server/listen.ts'
import { readDialects } from '../../src/server/readDialects.ts'
import { readHashFamilies } from '../../src/server/readHashFamilies.ts'
import { openTraces } from '../../src/server/traces/openTraces.ts'
import { readVersion } from '../../src/server/version.ts'
import { advance, clock, restoreTimeAfterwards } from './clock.ts'
import type { Given } from './conformance/check.ts'
import { createConformance } from './conformance.ts'
import { openTestDatabase, root } from './database.ts'
import { createSecretWatch, type SecretWatch } from './secretWatch.ts'

/** An answer, read whole. `body` is the parsed JSON where it is JSON. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every form
  readonly body: any
}

export interface Send {
  /** Sent as JSON, unless `form` or `raw` is given. */
  readonly json?: unknown
  readonly form?: Readonly<Record<string, string>>
  readonly raw?: string | Uint8Array
  readonly token?: string | undefined
  readonly headers?: Readonly<Record<string, string>>
}

export interface LogLine {
  readonly level: string
  readonly fields: Record<string, unknown>
  readonly message: string
}

export interface World {
  readonly url: string
  readonly config: Config
  readonly db: Database
  readonly app: App
  /** What was sent, once the request that caused it has been answered. */
  readonly mails: Mail[]
  readonly logs: LogLine[]
  /** Knows the secrets of this world; no line of the log may have one, which is looked at when there is an access log. */
  readonly secrets: SecretWatch
  /** Moves time forward. */
  readonly advance: (milliseconds: number) => void
  request(method: string, path: string, send?: Send): Promise<Answer>
  get(path: string, token?: string): Promise<Answer>
  post(path: string, json?: unknown, token?: string): Promise<Answer>
  put(path: string, json?: unknown, token?: string): Promise<Answer>
  delete(path: string, token?: string): Promise<Answer>
  /** A GraphQL operation; the answer's `data`, with the one root field's value under `result` if it is aliased so. */
  graphql(query: string, variables?: object, token?: string): Promise<Answer>
  /** Checks an answer that came by another way than `request`. @throws {NotConforming} where a dialect's document does not know it */
  conforms(method: string, path: string, answer: Given): void
  close(): Promise<void>
}

/** Settings that tests start from; each may be given anew. Mails to verify an address would be in everybody's way. */
const defaults = { PUBLIC_URL: 'http://vestibule.test', LIMIT_ADDRESS_PER_MINUTE: '1000000', LOG_LEVEL: 'silent', VERIFY_EMAIL: 'false' }

/** Below what a setting may be, so tests alone can have it. */
const cheapHashes = { ARGON2_MEMORY_KIB: 32, ARGON2_PASSES: 1 }
const noQueue = { LIMIT_HASH_QUEUE: 0, LIMIT_OUTBOX: 0 }
const noChanges = { LIMIT_CHANGES: 0 }

const readAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') === true
  return { status: response.status, headers: response.headers, text, body: isJson && text !== '' ? JSON.parse(text) : undefined }
}

const toInit = (method: string, { json, form, raw, token, headers = {} }: Send): RequestInit => {
  const all: Record<string, string> = {}
  if (json !== undefined) all['content-type'] = 'application/json'
  if (form !== undefined) all['content-type'] = 'application/x-www-form-urlencoded'
  if (token !== undefined) all.authorization = `Bearer ${token}`
  const body = json !== undefined ? JSON.stringify(json) : form !== undefined ? new URLSearchParams(form).toString() : raw
  return { method, headers: { ...all, ...headers }, redirect: 'manual', ...(body === undefined ? {} : { body: body as BodyInit }) }
}

const capture = (logs: LogLine[]): Log => {
  const at = (level: string) => (fields: object, message: string) =>
    void logs.push({ level, fields: fields as Record<string, unknown>, message })
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

export interface WorldOptions {
  /** A database to stand on, which the caller closes; by default a fresh one. */
  readonly db?: Database
  /** What keys are sealed with. */
  readonly secretKeys?: readonly string[]
  /** The way out for mails; by default they are kept in `mails`. */
  readonly deliver?: Deliver
  /** Passwords are hashed at full cost; by default at next to none, which is what makes thousands of sign-ins affordable. */
  readonly realHashes?: boolean
  /** What computes hashes; by default what the server would take. */
  readonly argon2?: Argon2 | undefined
  /** Is shown each request, beside the access log. */
  readonly observer?: Observer
  /** No password may wait for its hash and no mail in the outbox, so that each is refused as overload. */
  readonly isOverloaded?: boolean
  /** Every account has made all the changes of this hour. */
  readonly hasNoChangesLeft?: boolean
  /** `request` goes over HTTP; by default it is handed to the app, which takes half the time. */
  readonly overHttp?: boolean
}

declare module 'vitest' {
  interface ProvidedContext {
    /** How ordinary requests of GraphQL are answered. */
    graphqlWay: 'direct' | 'yoga'
  }
}

/** A path with a query is for yoga, also where the rest of the request is ordinary (`graphql/ordinaryRequest.ts`). */
export const byWay = (method: string, path: string): string =>
  inject('graphqlWay') === 'yoga' && method === 'POST' && path === '/graphql' ? '/graphql?through=yoga' : path

/** What Node's client adds to a request by itself. */
const added = { accept: '*/*', 'accept-language': '*', 'sec-fetch-mode': 'cors', 'user-agent': 'node' }

/** A client that hands its requests to the app, without a connection. */
const inProcess =
  (serve: App['fetch']) =>
  async (url: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers({ ...added, host: new URL(url).host })
    for (const [name, value] of Object.entries(init.headers ?? {})) headers.set(name, value)
    const body = init.body as string | Uint8Array | undefined
    if (body !== undefined) headers.set('content-length', String(Buffer.byteLength(body)))
    return await serve(new Request(url, { ...init, headers }), { remoteAddress: '127.0.0.1' })
  }

/** Starts a world; `settings` are as in the environment. */
export async function openWorld(settings: Readonly<Record<string, string>> = {}, options: WorldOptions = {}): Promise<World> {
  const real = readConfig({ ...defaults, ...settings })
  const config: Config = {
    ...real,
    ...(options.realHashes === true ? {} : cheapHashes),
    ...(options.isOverloaded === true ? noQueue : {}),
    ...(options.hasNoChangesLeft === true ? noChanges : {}),
  }
  const db = options.db ?? (await openTestDatabase())
  const mails: Mail[] = []
  const logs: LogLine[] = []
  const log = capture(logs)
  const secretKeys = options.secretKeys ?? ['the secret key of every test, long enough']
  const secrets = createSecretWatch()
  const keep: Deliver = async (mail) => {
    mails.push(mail)
    secrets.mail(mail)
    return { outcome: 'delivered' }
  }
  const deps = {
    config,
    version: readVersion(root),
    dialects: await readDialects(config),
    hashFamilies: await readHashFamilies(config),
    manifest: readManifest(config),
    db,
    clock,
    randomBytes,
    log,
    secretKeys,
    webFiles: readWebFiles(process.cwd()),
  }
  const observer = observers(createAccessLog(config, log), options.observer ?? nobody)
  const traces = await openTraces(config, log)
  const app = await createApp({ ...deps, observer, tracer: traces?.tracer, argon2: options.argon2, deliver: options.deliver ?? keep })
  const server: Listening = await listen({ host: '127.0.0.1', port: 0, publicUrl: config.PUBLIC_URL, log, observer, lastCall: 0 })
  const conformance = createConformance(config, deps.dialects)
  const answer: App['answer'] = async (request) => {
    conformance.reached(request.url.href)
    return await app.answer(request)
  }
  server.serve(answer)
  const url = `http://127.0.0.1:${server.port}`
  const inHand = inProcess(toFetch(answer))
  const request = async (method: string, path: string, given: Send = {}) => {
    const init = toInit(method, given)
    const target = url + byWay(method, path)
    const answer = await readAnswer(await (options.overHttp === true ? fetch(target, init) : inHand(target, init)))
    await app.outbox.idle()
    if (config.ACCESS_LOG) {
      for (const body of [given.json, given.form, answer.body]) secrets.body(body)
      secrets.token(given.token)
    }
    conformance.check(method, path, answer)
    return answer
  }
  return {
    url,
    config,
    db,
    app,
    mails,
    logs,
    secrets,
    advance,
    request,
    get: async (path, token) => await request('GET', path, { token }),
    post: async (path, json, token) => await request('POST', path, { json, token }),
    put: async (path, json, token) => await request('PUT', path, { json, token }),
    delete: async (path, token) => await request('DELETE', path, { token }),
    async graphql(query, variables = {}, token) {
      const answer = await request('POST', '/graphql', { json: { query, variables }, token })
      return { ...answer, body: answer.body?.data ?? answer.body }
    },
    conforms: conformance.check,
    async close() {
      conformance.close()
      await server.close()
      await app.close()
      await traces?.close()
      if (options.db === undefined) await db.close()
    },
  }
}

type Settings = Readonly<Record<string, string>>

/** One world for all tests of a file or a `describe`; settings that hooks make are given by a function. */
export function useWorld(settings: Settings | (() => Settings) = {}, options: WorldOptions = {}): () => World {
  let world: World | undefined
  restoreTimeAfterwards()
  beforeAll(async () => {
    world = await openWorld(typeof settings === 'function' ? settings() : settings, options)
  }, 60_000)
  afterAll(async () => {
    // A fault of the server that no test looked for is a failure, wherever it was hidden.
    const faults = world?.logs.filter(({ level }) => level === 'error') ?? []
    const logged = world?.config.ACCESS_LOG === true ? world.secrets.foundIn(world.logs) : []
    await world?.close()
    expect(faults).toEqual([])
    expect(logged).toEqual([])
  })
  return () => {
    if (world === undefined) throw new Error('the world is there in tests and hooks only')
    return world
  }
}

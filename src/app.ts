/**
 * The composition: guards for every surface, then a dialect, GraphQL, or one of a few pages of our own.
 */
import type { DocumentNode } from 'graphql'
import { Hono } from 'hono'
import type { Config } from './config.ts'
import type { Database } from './db/database.ts'
import type { Caller } from './domain/caller.ts'
import type { Domain } from './domain/domain.ts'
import { createOperations } from './domain/operations.ts'
import type { Clock, Log, RandomBytes, SendMail } from './domain/ports.ts'
import { authenticate } from './domain/sessions/authenticate.ts'
import type { Surface } from './domain/surfaces.ts'
import { checkDocument, createGraphqlServer } from './graphql/server.ts'
import { keepHouse } from './housekeeping.ts'
import { plainAnswer } from './http/answers.ts'
import { addCors } from './http/cors.ts'
import { createFactsReader, type Facts } from './http/facts.ts'
import { addHeaders } from './http/headers.ts'
import { readBody } from './http/readBody.ts'
import { inRequest, withRequestId } from './http/requestScope.ts'
import { createOwnRouter } from './ownRoutes.ts'
import { enabledDialects } from './rest/dialects.ts'
import { createRestRouter, type Guarded } from './rest/router.ts'
import { prepareDomain } from './startup.ts'

export interface AppDeps {
  readonly config: Config
  readonly db: Database
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly sendMail: SendMail
  readonly log: Log
  readonly secretKeys: readonly string[]
}

export interface App {
  fetch(request: Request, env?: { remoteAddress?: string }): Promise<Response>
  close(): Promise<void>
}

const callerReader =
  (domain: Domain, { requestId, clientAddress, userAgent }: Facts) =>
  async (surface: Surface, bearer: string | null): Promise<Caller> => ({
    surface,
    clientAddress,
    userAgent,
    requestId,
    viewer: await authenticate(domain, bearer),
    registrationOpen: domain.config.REGISTRATION === 'open',
  })

export async function createApp(deps: AppDeps): Promise<App> {
  const { config, db } = deps
  const log = withRequestId(deps.log)
  const domain = await prepareDomain({ ...deps, log, db: db.client, pool: db.pool })
  const graphql = createGraphqlServer(config, domain, createOperations(domain))
  const dialects = enabledDialects(config)
  for (const { document } of dialects.flatMap(({ mounts }) => mounts.flatMap(({ rows }) => rows))) checkDocument(document as DocumentNode)

  const router = new Hono<{ Bindings: Guarded }>({ strict: false })
  router.route('/', createOwnRouter({ config, db, domain, graphql }))
  router.route('/', createRestRouter(dialects, graphql.execute, log))
  router.notFound(({ env }) => plainAnswer(404, 'Not found', env.requestId))
  router.onError((error) => {
    throw error
  })

  const factsOf = createFactsReader({ ...deps, log })
  const answer = async (request: Request, facts: Facts): Promise<Response> => {
    try {
      const body = await readBody(request).catch(() => null)
      if (body === null) return plainAnswer(400, 'The request was broken off', facts.requestId)
      return await router.fetch(request, {
        requestId: facts.requestId,
        body: body.bytes,
        tooLarge: body.tooLarge,
        caller: callerReader(domain, facts),
      })
    } catch (error) {
      log.error({ err: error }, 'a request failed unexpectedly')
      return plainAnswer(500, 'Internal server error', facts.requestId)
    }
  }
  const house = keepHouse(domain)
  return {
    async fetch(request, env = {}) {
      const facts = factsOf(request.headers, env.remoteAddress)
      return await inRequest(facts.requestId, async () => {
        const response = await answer(request, facts)
        addCors(config, request, response.headers)
        addHeaders(config, facts.requestId, response.headers)
        return response
      })
    },
    close: async () => await house.stop(),
  }
}

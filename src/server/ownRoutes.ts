/**
 * The routes outside the dialects and the pages: GraphQL and its schema, the public keys, and the two probes.
 */
import type { Database } from '../db/database.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { unavailable } from '../domain/frame/unavailable.ts'
import { answerGraphql, graphqlFault, graphqlUnavailable } from '../graphql/http.ts'
import type { GraphqlServer } from '../graphql/server.ts'
import { jsonAnswer, plainAnswer } from '../http/answers.ts'
import { type Answer, type Route, route } from '../http/router.ts'
import { schemaRoutes } from './schemaRoutes.ts'

interface Parts {
  readonly db: Database
  readonly domain: Domain
  readonly graphql: GraphqlServer
  /** Whether the process is about to end, and wants no new clients. */
  readonly isLeaving: () => boolean
}

const readiness =
  ({ db, domain, isLeaving }: Parts): Answer =>
  async ({ facts: { requestId } }) => {
    if (isLeaving()) return plainAnswer(503, 'Stopping', requestId, { 'retry-after': '5' })
    try {
      await db.ping()
      return plainAnswer(200, 'ready', requestId)
    } catch (error) {
      domain.outage.isPassing(error)
      return plainAnswer(503, 'The database does not answer, or takes no writes', requestId, { 'retry-after': '5' })
    }
  }

const graphqlAnswer =
  ({ domain, graphql }: Parts): Answer =>
  async (request) =>
    await answerGraphql({ domain, graphql }, request).catch((error: unknown) => {
      const failure = unavailable(domain, error)
      if (failure !== undefined) return graphqlUnavailable(failure)
      domain.log.error({ err: error }, 'a request failed unexpectedly')
      return graphqlFault()
    })

export const ownRoutes = (parts: Parts): Route[] => {
  const { signingKeys } = parts.domain
  return [
    route('/graphql', ['GET', 'POST'], graphqlAnswer(parts)),
    ...schemaRoutes(),
    route('/.well-known/jwks.json', ['GET'], async () =>
      jsonAnswer(200, await signingKeys.jwks(), { 'cache-control': 'public, max-age=300' }),
    ),
    route('/healthz', ['GET'], ({ facts }) => plainAnswer(200, 'alive', facts.requestId)),
    route('/readyz', ['GET'], readiness(parts)),
  ]
}

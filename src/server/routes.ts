/**
 * The routes that are no dialect's: GraphQL, the pages that mails link to, the public keys, and the two probes.
 */
import { Hono } from 'hono'
import type { Database } from '../db/database.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { unavailable } from '../domain/frame/unavailable.ts'
import { answerGraphql, graphqlFault, graphqlUnavailable } from '../graphql/http.ts'
import type { GraphqlServer } from '../graphql/server.ts'
import { jsonAnswer, plainAnswer } from '../http/answers.ts'
import { type Answer, type Env, servedBy } from '../http/serve.ts'
import { confirmEmailPage } from '../pages/confirmEmail.ts'
import { disownEmailPage } from '../pages/disownEmail.ts'
import { resetPasswordPage } from '../pages/resetPassword.ts'
import { undoChangePage } from '../pages/undoChange.ts'

/** The pages that mails link to. */
const pages = {
  '/reset-password': resetPasswordPage,
  '/confirm-email': confirmEmailPage,
  '/disown-email': disownEmailPage,
  '/undo-change': undoChangePage,
}

interface Parts {
  readonly db: Database
  readonly domain: Domain
  readonly graphql: GraphqlServer
  /** Whether the process is about to end, and wants no new clients. */
  readonly isLeaving: () => boolean
}

const readiness =
  ({ db, domain, isLeaving }: Parts): Answer =>
  async ({ env }) => {
    if (isLeaving()) return plainAnswer(503, 'Stopping', env.facts.requestId, { 'retry-after': '5' })
    try {
      await db.ping()
      return plainAnswer(200, 'ready', env.facts.requestId)
    } catch (error) {
      domain.outage.isPassing(error)
      return plainAnswer(503, 'The database does not answer, or takes no writes', env.facts.requestId, { 'retry-after': '5' })
    }
  }

export function createOwnRouter(parts: Parts): Hono<Env> {
  const { domain, graphql } = parts
  const router = new Hono<Env>({ strict: false })
  const serve = servedBy(router)
  serve('/graphql', ['GET', 'POST'], async ({ req: { raw }, env }) => {
    return await answerGraphql({ domain, graphql }, raw, env).catch((error: unknown) => {
      const failure = unavailable(domain, error)
      if (failure !== undefined) return graphqlUnavailable(failure)
      domain.log.error({ err: error }, 'a request failed unexpectedly')
      return graphqlFault()
    })
  })
  for (const [path, page] of Object.entries(pages)) {
    const answer = page({ fallback: domain.config.DEFAULT_LOCALE, signInUrl: domain.config.SIGN_IN_URL })
    serve(path, ['GET'], ({ req: { raw } }) => answer(raw))
  }
  serve('/.well-known/jwks.json', ['GET'], async () =>
    jsonAnswer(200, await domain.signingKeys.jwks(), { 'cache-control': 'public, max-age=300' }),
  )
  serve('/healthz', ['GET'], ({ env }) => plainAnswer(200, 'alive', env.facts.requestId))
  serve('/readyz', ['GET'], readiness(parts))
  return router
}

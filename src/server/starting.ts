/**
 * Answers until there is an app, while the database is opened and migrated: the process is alive and not ready, and every surface says so in
 * its own form, as 503 with `Retry-After`, with the headers that its answers have.
 */
import type { Config } from '../config.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Log, RandomBytes } from '../domain/base/ports.ts'
import { addressGroup } from '../domain/limits/addresses.ts'
import { graphqlUnavailable } from '../graphql/http.ts'
import { plainAnswer } from '../http/answers.ts'
import type { Handler } from '../http/message.ts'
import type { Observer } from '../http/observer.ts'
import { createPipeline } from '../http/pipeline.ts'
import { createRouter, type Route, route } from '../http/router.ts'
import type { Dialect } from '../rest/dialect.ts'
import { failingRoutes } from '../rest/routing.ts'
import { START_TAKES_ABOUT_S } from './refusals.ts'

interface StartingParts {
  readonly config: Config
  /** As `readDialects` has checked them. */
  readonly dialects: readonly Dialect[]
  readonly log: Log
  readonly randomBytes: RandomBytes
  readonly observer: Observer
}

const STARTING = new Failure('SERVICE_UNAVAILABLE', {
  message: 'The server is starting: try again after `retryAfter` seconds.',
  retryAfter: START_TAKES_ABOUT_S,
})

const routesOf = (dialects: readonly Dialect[]): readonly Route[] => [
  route('/graphql', ['GET', 'POST'], () => graphqlUnavailable(STARTING)),
  route('/healthz', ['GET'], ({ facts }) => plainAnswer(200, 'Starting', facts.requestId)),
  ...failingRoutes(dialects, STARTING),
  { path: '/*', answer: ({ facts }) => plainAnswer(503, 'Starting', facts.requestId, { 'retry-after': String(START_TAKES_ABOUT_S) }) },
]

export const answerStarting = ({ dialects, ...parts }: StartingParts): Handler =>
  createPipeline({
    ...parts,
    clientOf: addressGroup,
    inTime: (work) => work(),
    passing: () => undefined,
    answer: createRouter(routesOf(dialects)),
  })

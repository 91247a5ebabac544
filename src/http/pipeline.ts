/**
 * The way in and out for every surface: facts, request id, body, turn, the answer, the last catch, CORS and headers, in this order.
 * A surface says in its own form what the guards found (`GuardedRequest`).
 */
import type { Config } from '../config.ts'
import type { Log, RandomBytes } from '../domain/base/ports.ts'
import { plainAnswer } from './answers.ts'
import { createBodyRoom } from './bodyRoom.ts'
import { createFactsReader, type Facts } from './facts.ts'
import type { GuardedRequest, Handler, HttpAnswer, HttpRequest } from './message.ts'
import { readBody } from './readBody.ts'
import { inRequest } from './requestScope.ts'
import { addCors, addHeaders } from './responseHeaders.ts'
import { isStream, madeWithin } from './streams.ts'
import { createTurns } from './turns.ts'

/** What passes by itself, and when the same request may come again, in seconds. */
export interface Passing {
  readonly message: string
  readonly details: { readonly retryAfter?: number }
}

export interface PipelineParts {
  readonly config: Config
  readonly log: Log
  readonly randomBytes: RandomBytes
  /** Whom a client address belongs to: clients take turns. */
  readonly clientOf: (address: string) => string
  /** Runs work within the time that a request has for the database. */
  readonly inTime: <T>(work: () => T) => T
  /** What an error is that passes by itself; undefined for a fault. */
  readonly passing: (error: unknown) => Passing | undefined
  readonly answer: (request: GuardedRequest) => HttpAnswer | Promise<HttpAnswer>
}

/** Bytes of bodies that are being read: in all, and of one client. */
const BODIES = 32 * 1024 * 1024
const BODIES_OF_ONE = BODIES / 4

const BROKEN_OFF = 'The request was broken off'

const PROBE = /^\/(?:healthz|readyz)\/?$/

export function createPipeline({ config, log, randomBytes, clientOf, inTime, passing, answer }: PipelineParts): Handler {
  const factsOf = createFactsReader({ config, log, randomBytes })
  const turns = createTurns(config.LIMIT_REQUESTS)
  const room = createBodyRoom(BODIES, BODIES_OF_ONE)
  const brokenOff = ({ requestId }: Facts) => plainAnswer(400, BROKEN_OFF, requestId)

  /** The answer, in time: while the database is away it is 503. */
  const answerInTime = async (request: GuardedRequest): Promise<HttpAnswer> =>
    await inTime(async () => {
      try {
        return await answer(request)
      } catch (error) {
        const failure = passing(error)
        if (failure === undefined) throw error
        return plainAnswer(503, failure.message, request.facts.requestId, { 'retry-after': String(failure.details.retryAfter ?? 1) })
      }
    })

  /** The answer when the client's turn has come, if somebody still waits for it; probes need no turn, and what has no room gets none. */
  const answerInTurn = async (request: GuardedRequest, isGone: () => boolean): Promise<HttpAnswer> => {
    if (request.overloaded || PROBE.test(request.url.pathname)) return await answerInTime(request)
    const inTurn = await turns.run(clientOf(request.facts.clientAddress), async () =>
      isGone() ? brokenOff(request.facts) : await answerInTime(request),
    )
    return inTurn ?? (await answerInTime({ ...request, overloaded: true }))
  }

  /** Whatever is thrown is logged, and answered without a word of it. */
  const answerSafely = async (request: HttpRequest, facts: Facts): Promise<HttpAnswer> => {
    const { method, url, headers, isGone } = request
    try {
      const read = isGone() ? null : await readBody(request, room, clientOf(facts.clientAddress)).catch(() => null)
      return read === null ? brokenOff(facts) : await answerInTurn({ method, url, headers, facts, ...read }, isGone)
    } catch (error) {
      log.error({ err: error }, 'a request failed unexpectedly')
      return plainAnswer(500, 'Internal server error', facts.requestId)
    }
  }

  /** Each part of a stream is work of the request, and has the whole time for the database. */
  const inRequestOf = ({ requestId }: Facts, body: HttpAnswer['body']): HttpAnswer['body'] =>
    isStream(body) ? madeWithin(body, (make) => inRequest(requestId, () => inTime(make))) : body

  return async (request) => {
    const facts = factsOf(request.headers, request.remoteAddress)
    return await inRequest(facts.requestId, async () => {
      const answered = await answerSafely(request, facts)
      addCors(config, request, answered.headers)
      addHeaders(config, facts.requestId, answered.headers)
      return { ...answered, body: inRequestOf(facts, answered.body) }
    })
  }
}

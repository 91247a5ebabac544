/**
 * What every request passes on its way in and out, whatever its surface, in this order: facts, request id, body, turn, the answer,
 * unexpected errors, CORS and headers. Each surface answers in its own form if the guards refuse (`GuardedRequest`).
 */
import type { Config } from '../config.ts'
import type { Log, RandomBytes } from '../domain/base/ports.ts'
import type { Trace, Tracer } from '../tracing/spans.ts'
import { plainAnswer } from './answers.ts'
import { createBodyRoom } from './bodyRoom.ts'
import { createCors } from './cors.ts'
import { createFactsReader, type Facts } from './facts.ts'
import type { GuardedRequest, Handler, HttpAnswer, HttpRequest, Subject } from './message.ts'
import type { Observer } from './observer.ts'
import { BROKEN_OFF, OK, outcomeOf } from './outcomes.ts'
import { readBody } from './readBody.ts'
import { inRequest } from './requestScope.ts'
import { beginRequest, endRequest, traced } from './requestTrace.ts'
import { createHeaders } from './responseHeaders.ts'
import { createShares, placeIn } from './shares.ts'
import { countedIn, isStream, madeWithin, type StreamEnd, watchedToEnd } from './streams.ts'
import { createTurns } from './turns.ts'

/** A temporary failure, and after how many seconds the same request may be sent again. */
export interface Passing {
  readonly message: string
  readonly details: { readonly retryAfter?: number }
}

export interface PipelineParts {
  readonly config: Config
  readonly log: Log
  readonly randomBytes: RandomBytes
  /** The client that an address belongs to: clients take turns. */
  readonly clientOf: (address: string) => string
  /** Runs work within the time that a request has for the database. */
  readonly inTime: <T>(work: () => T) => T
  /** The temporary failure that an error stands for; undefined for any other error. */
  readonly passing: (error: unknown) => Passing | undefined
  readonly answer: (request: GuardedRequest) => HttpAnswer | Promise<HttpAnswer>
  readonly observer: Observer
  /** Undefined: no traces. */
  readonly tracer?: Tracer | undefined
}

/** Bytes of bodies that are being read: in total, and of one client. */
const BODIES = 32 * 1024 * 1024
const BODIES_OF_ONE = BODIES / 4

const LEFT = 'The request was broken off'

const SERVER: Subject = { surface: 'server' }

/** What the end of a stream says, where its beginning did not say more: a refusal stays one, also if the client leaves when it has read it. */
const streamOutcomes: Readonly<Record<StreamEnd, string | undefined>> = { whole: undefined, failed: outcomeOf(500), left: BROKEN_OFF }

interface Watched {
  /** As `performance.now()` has it. */
  readonly begun: number
  readonly trace: Trace | undefined
}

const PROBE = /^\/(?:healthz|readyz)\/?$/

export function createPipeline(parts: PipelineParts): Handler {
  const { config, log, randomBytes, clientOf, inTime, passing, answer, observer, tracer } = parts
  const addCors = createCors(config, log)
  const addHeaders = createHeaders(config)
  const factsOf = createFactsReader({ config, log, randomBytes })
  const turns = createTurns(config.LIMIT_REQUESTS)
  const lists = createShares(config.LIMIT_LISTS)
  const room = createBodyRoom(BODIES, BODIES_OF_ONE)
  const brokenOff = ({ requestId }: Facts): HttpAnswer => ({
    ...plainAnswer(400, LEFT, requestId),
    about: { surface: 'server', outcome: BROKEN_OFF },
  })

  /** The answer within the time limit: 503 while the database is away. */
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

  /**
   * The answer when the client's turn has come, if the client still waits. Probes, and requests without memory for their body, are answered
   * at once.
   */
  const answerInTurn = async (request: GuardedRequest, isGone: () => boolean): Promise<HttpAnswer> => {
    if (request.overloaded || PROBE.test(request.url.pathname)) return await answerInTime(request)
    const client = clientOf(request.facts.clientAddress)
    const place = placeIn(lists, client)
    const inTurn = await turns.run(client, async () =>
      isGone() ? brokenOff(request.facts) : await answerInTime({ ...request, takeListPlace: place.take }).finally(place.leave),
    )
    if (inTurn === undefined) return await answerInTime({ ...request, overloaded: true })
    return isStream(inTurn.body) ? { ...inTurn, body: countedIn(inTurn.body, lists, client) } : inTurn
  }

  /** An error is logged; the client gets a generic message. */
  const answerSafely = async (request: HttpRequest, facts: Facts): Promise<HttpAnswer> => {
    const { method, url, headers, isGone } = request
    try {
      const read = isGone() ? null : await readBody(request, room, clientOf(facts.clientAddress)).catch(() => null)
      return read === null
        ? brokenOff(facts)
        : await answerInTurn({ method, url, headers, facts, ...read, takeListPlace: () => false }, isGone)
    } catch (error) {
      log.error({ err: error }, 'a request failed unexpectedly')
      return plainAnswer(500, 'Internal server error', facts.requestId)
    }
  }

  /** Each part of a stream is work of the request, and has the whole time for the database. */
  const inRequestOf = ({ requestId }: Facts, body: HttpAnswer['body'], trace: Trace | undefined): HttpAnswer['body'] => {
    if (!isStream(body)) return body
    return madeWithin(body, (make) => inRequest(requestId, () => traced(trace, () => inTime(make))))
  }

  /** Tells the observer of an answer, of a stream when it has ended. */
  const observed = ({ method }: HttpRequest, facts: Facts, answered: HttpAnswer, { begun, trace }: Watched): HttpAnswer => {
    const { status, about = SERVER, body } = answered
    const { requestId, clientAddress } = facts
    const begunWith = about.outcome ?? outcomeOf(status)
    const tell = (outcome = begunWith): void => {
      const seconds = (performance.now() - begun) / 1_000
      const seen = { requestId, traceId: trace?.root.traceId, method, about, outcome, status, seconds, clientAddress, hasArrived: true }
      observer.answered(seen)
      if (trace !== undefined) endRequest(trace, seen)
    }
    if (isStream(body)) return { ...answered, body: watchedToEnd(body, (end) => tell(begunWith === OK ? streamOutcomes[end] : begunWith)) }
    tell()
    return answered
  }

  return async (request) => {
    const begun = performance.now()
    observer.arrived()
    const facts = factsOf(request.headers, request.remoteAddress)
    const trace = tracer && beginRequest(tracer, request.method, facts)
    return await inRequest(facts.requestId, async () => {
      const answered = await traced(trace, async () => await answerSafely(request, facts))
      addCors(request, answered.headers)
      addHeaders(facts.requestId, answered.headers)
      return observed(request, facts, { ...answered, body: inRequestOf(facts, answered.body, trace) }, { begun, trace })
    })
  }
}

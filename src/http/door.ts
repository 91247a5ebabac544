/**
 * The way in and out for every surface: facts, request id, body, turn, the answer, the last catch, CORS and headers, in this order.
 * What an answer says in its surface's own form is up to the surface (`Guarded`).
 */
import type { Config } from '../config.ts'
import type { Log, RandomBytes } from '../domain/base/ports.ts'
import { plainAnswer } from './answers.ts'
import { createBodyRoom } from './bodyRoom.ts'
import { addCors } from './cors.ts'
import { createFactsReader, type Facts } from './facts.ts'
import type { Guarded } from './guarded.ts'
import { addHeaders } from './headers.ts'
import { type Body, readBody } from './readBody.ts'
import { inRequest } from './requestScope.ts'
import { createTurns } from './turns.ts'

/** What the process knows of a request beside itself. */
export interface Arrival {
  readonly remoteAddress?: string
  /** Whether nobody is there any more to read an answer. */
  readonly isGone?: () => boolean
}

export type Fetch = (request: Request, arrival?: Arrival) => Promise<Response>

/** What passes by itself, and when the same request may come again, in seconds. */
export interface Passing {
  readonly message: string
  readonly details: { readonly retryAfter?: number }
}

export interface DoorParts {
  readonly config: Config
  readonly log: Log
  readonly randomBytes: RandomBytes
  /** Whom a client address belongs to: clients take turns. */
  readonly clientOf: (address: string) => string
  /** Runs work within the time that a request has for the database. */
  readonly inTime: <T>(work: () => T) => T
  /** What an error is that passes by itself; undefined for a fault. */
  readonly passing: (error: unknown) => Passing | undefined
  readonly answer: (request: Request, guarded: Guarded) => Response | Promise<Response>
}

/** Bytes of bodies that are being read: in all, and of one client. */
const BODIES = 32 * 1024 * 1024
const BODIES_OF_ONE = BODIES / 4

const BROKEN_OFF = 'The request was broken off'

const PROBE = /^\/(?:healthz|readyz)\/?$/

const isProbe = ({ url }: Request): boolean => PROBE.test(new URL(url).pathname)

export function createDoor({ config, log, randomBytes, clientOf, inTime, passing, answer }: DoorParts): Fetch {
  const factsOf = createFactsReader({ config, log, randomBytes })
  const turns = createTurns(config.LIMIT_REQUESTS)
  const room = createBodyRoom(BODIES, BODIES_OF_ONE)
  const brokenOff = ({ requestId }: Facts) => plainAnswer(400, BROKEN_OFF, requestId)

  /** The answer, in time: while the database is away it is 503. */
  const answerInTime = async (request: Request, guarded: Guarded): Promise<Response> =>
    await inTime(async () => {
      try {
        return await answer(request, guarded)
      } catch (error) {
        const failure = passing(error)
        if (failure === undefined) throw error
        return plainAnswer(503, failure.message, guarded.facts.requestId, { 'retry-after': String(failure.details.retryAfter ?? 1) })
      }
    })

  /** The answer when the client's turn has come, if somebody still waits for it; probes need no turn, and what has no room gets none. */
  const answerInTurn = async (request: Request, facts: Facts, body: Body, isGone: () => boolean): Promise<Response> => {
    const guarded = { facts, body: body.bytes, tooLarge: body.tooLarge, overloaded: body.overloaded }
    if (body.overloaded || isProbe(request)) return await answerInTime(request, guarded)
    const inTurn = await turns.run(clientOf(facts.clientAddress), async () =>
      isGone() ? brokenOff(facts) : await answerInTime(request, guarded),
    )
    return inTurn ?? (await answerInTime(request, { ...guarded, overloaded: true }))
  }

  /** Whatever is thrown is logged, and answered without a word of it. */
  const answerSafely = async (request: Request, facts: Facts, isGone: () => boolean): Promise<Response> => {
    try {
      const body = isGone() ? null : await readBody(request, room, clientOf(facts.clientAddress)).catch(() => null)
      return body === null ? brokenOff(facts) : await answerInTurn(request, facts, body, isGone)
    } catch (error) {
      log.error({ err: error }, 'a request failed unexpectedly')
      return plainAnswer(500, 'Internal server error', facts.requestId)
    }
  }

  return async (request, { remoteAddress, isGone = () => false } = {}) => {
    const facts = factsOf(request.headers, remoteAddress)
    return await inRequest(facts.requestId, async () => {
      const response = await answerSafely(request, facts, isGone)
      addCors(config, request, response.headers)
      addHeaders(config, facts.requestId, response.headers)
      return response
    })
  }
}

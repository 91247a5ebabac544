/**
 * Answers in JSON, and those outside every dialect in the one form of the server: `{"message", "request_id"}`.
 */
import { HeaderFields } from './headers.ts'
import type { HttpAnswer } from './message.ts'

/** After how many seconds a refused request may be sent again. */
export const RETRY_AFTER_S = 2

const JSON_TYPE = 'application/json; charset=utf-8'

type HeaderValues = Readonly<Record<string, string>>

/** An answer of any type. */
export const answerOf = (status: number, body: HttpAnswer['body'], headers: HeaderValues = {}): HttpAnswer => ({
  status,
  headers: new HeaderFields(Object.entries(headers)),
  body,
})

/** With `undefined` the answer has no body and no content type. */
export const jsonAnswer = (status: number, body: unknown, headers: HeaderValues = {}): HttpAnswer =>
  body === undefined ? answerOf(status, null, headers) : answerOf(status, JSON.stringify(body), { 'content-type': JSON_TYPE, ...headers })

/** JSON as text, whole or in a stream. */
export const jsonTextAnswer = (text: string | AsyncIterable<string>): HttpAnswer => answerOf(200, text, { 'content-type': JSON_TYPE })

export const plainAnswer = (status: number, message: string, requestId: string, headers: HeaderValues = {}): HttpAnswer =>
  jsonAnswer(status, { message, request_id: requestId }, headers)

/** The methods of a path as `Allow` lists them: HEAD goes with GET, and OPTIONS is always there. */
export const allowOf = (methods: readonly string[]): string =>
  [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))), 'OPTIONS'].join(', ')

export const optionsAnswer = (methods: readonly string[]): HttpAnswer => answerOf(204, null, { allow: allowOf(methods) })

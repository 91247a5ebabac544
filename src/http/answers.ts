/**
 * Answers in JSON, and those outside every dialect in the one form of the server: `{"message", "request_id"}`.
 */
/** When a request for which there was no room may come again. */
export const RETRY_AFTER_S = 2

const JSON_TYPE = 'application/json; charset=utf-8'

/** `undefined` is no body at all, and so of no type. */
export const jsonAnswer = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  body === undefined
    ? new Response(null, { status, headers })
    : new Response(JSON.stringify(body), { status, headers: { 'content-type': JSON_TYPE, ...headers } })

/** JSON that was written already, whole or in a stream. */
export const jsonTextAnswer = (text: string | ReadableStream<Uint8Array>): Response =>
  new Response(text, { headers: { 'content-type': JSON_TYPE } })

export const plainAnswer = (status: number, message: string, requestId: string, headers: Record<string, string> = {}): Response =>
  jsonAnswer(status, { message, request_id: requestId }, headers)

/** The methods of a path as `Allow` lists them: HEAD goes with GET, and OPTIONS is always there. */
export const allowOf = (methods: readonly string[]): string =>
  [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))), 'OPTIONS'].join(', ')

export const optionsAnswer = (methods: readonly string[]): Response =>
  new Response(null, { status: 204, headers: { allow: allowOf(methods) } })

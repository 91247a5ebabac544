/**
 * Answers outside every dialect, in the one form of the house: `{"message", "request_id"}`.
 */
const json = { 'content-type': 'application/json; charset=utf-8' }

export const plainAnswer = (status: number, message: string, requestId: string, headers: Record<string, string> = {}): Response =>
  Response.json({ message, request_id: requestId }, { status, headers: { ...json, ...headers } })

/** The methods of a path as `Allow` lists them: HEAD goes with GET, and OPTIONS is always there. */
export const allowOf = (methods: readonly string[]): string =>
  [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))), 'OPTIONS'].join(', ')

export const optionsAnswer = (methods: readonly string[]): Response =>
  new Response(null, { status: 204, headers: { allow: allowOf(methods) } })

/**
 * The outcome of a request for the access log and the metrics, where no code of a failure says it: a word for each status that the server
 * has. The set is closed, so that it can be a label.
 */
const OUTCOMES: Readonly<Record<number, string>> = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_ALLOWED',
  406: 'NOT_ACCEPTABLE',
  408: 'REQUEST_TIMEOUT',
  410: 'GONE',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  417: 'EXPECTATION_FAILED',
  422: 'INVALID_INPUT',
  429: 'TOO_MANY_REQUESTS',
  431: 'HEADERS_TOO_LARGE',
  500: 'INTERNAL_SERVER_ERROR',
  501: 'NOT_IMPLEMENTED',
  503: 'SERVICE_UNAVAILABLE',
}

export const OK = 'OK'
/** The client left before it had the whole answer. */
export const BROKEN_OFF = 'BROKEN_OFF'

/** The outcome that a status says. */
export const outcomeOf = (status: number): string =>
  status < 400 ? OK : (OUTCOMES[status] ?? (status < 500 ? 'BAD_REQUEST' : 'INTERNAL_SERVER_ERROR'))

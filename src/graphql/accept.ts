/**
 * Reduces an Accept header to the media types that GraphQL can answer in, in the client's order, each once. yoga sees only the result,
 * never the header. No header means that the client accepts any type (GraphQL over HTTP).
 */
const TYPES: readonly string[] = ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed']
const PAGE = 'text/html'
const MOST_RANGES = 50

const isOffered = (offered: readonly string[], range: string): boolean =>
  range === '*/*' || offered.some((type) => type === range || (range.endsWith('/*') && type.startsWith(range.slice(0, -1))))

/** The reduced Accept header; empty if the client accepts none of our types. Only the first 50 ranges are read. */
export const acceptedOf = (header: string | null, offersPage: boolean): string => {
  const offered = offersPage ? [...TYPES, PAGE] : TYPES
  if (header === null || header.trim() === '') return '*/*'
  const accepted = header.split(',', MOST_RANGES).flatMap((part) => {
    const [range = '', ...parameters] = part.replace(/\s/g, '').toLowerCase().split(';')
    const charset = parameters.find((parameter) => parameter.startsWith('charset='))
    const isUtf8 = charset === undefined || charset === 'charset=utf-8'
    return isUtf8 && isOffered(offered, range) ? [range] : []
  })
  return [...new Set(accepted)].join(', ')
}

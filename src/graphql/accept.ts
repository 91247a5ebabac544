/**
 * Which of the media types that GraphQL answers in a client accepts, in its order and each once, whatever else it lists. Nothing of
 * the header itself goes any further. As GraphQL over HTTP has it, no header means anything.
 */
const TYPES: readonly string[] = ['application/graphql-response+json', 'application/json', 'text/event-stream', 'multipart/mixed']
const PAGE = 'text/html'
const MOST_RANGES = 50

const isOffered = (offered: readonly string[], range: string): boolean =>
  range === '*/*' || offered.some((type) => type === range || (range.endsWith('/*') && type.startsWith(range.slice(0, -1))))

/** An `Accept` header with what offers something alone; empty where none of them would do. What stands behind the 50th range is not read. */
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

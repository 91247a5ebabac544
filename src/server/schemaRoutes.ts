/**
 * GET /graphql/schema.graphql and /graphql/possible-types.json, whatever INTROSPECTION is: the schema is no secret, as it is published with
 * the source. They are made on the first request for one of them.
 */
import { createHash } from 'node:crypto'
import { schema } from '../graphql/schema.ts'
import { schemaFiles } from '../graphql/schemaFiles.ts'
import { answerOf } from '../http/answers.ts'
import type { HttpAnswer } from '../http/message.ts'
import { type Route, route } from '../http/router.ts'

const TYPES = { 'schema.graphql': 'text/plain; charset=utf-8', 'possible-types.json': 'application/json; charset=utf-8' } as const
type Name = keyof typeof TYPES

interface File {
  readonly text: string
  readonly etag: string
}

const fileOf = (text: string): File => ({ text, etag: `"${createHash('sha256').update(text).digest('base64url')}"` })

/** Whether an If-None-Match names the file (RFC 9110, section 13.1.2: weak comparison). */
const isKnown = (header: string | null, etag: string): boolean =>
  header?.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag) === true

const answerFile = (type: string, { text, etag }: File, known: string | null): HttpAnswer => {
  const headers = { etag, 'cache-control': 'public, max-age=300' }
  return isKnown(known, etag) ? answerOf(304, null, headers) : answerOf(200, text, { 'content-type': type, ...headers })
}

export const schemaRoutes = (): Route[] => {
  let files: Readonly<Record<Name, File>> | undefined
  const read = (): Readonly<Record<Name, File>> => {
    const texts = schemaFiles(schema)
    return { 'schema.graphql': fileOf(texts['schema.graphql']), 'possible-types.json': fileOf(texts['possible-types.json']) }
  }
  return (Object.keys(TYPES) as Name[]).map((name) =>
    route(`/graphql/${name}`, ['GET'], ({ headers }) => {
      files ??= read()
      return answerFile(TYPES[name], files[name], headers.get('if-none-match'))
    }),
  )
}

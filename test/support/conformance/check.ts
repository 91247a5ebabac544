/**
 * What is wrong with an answer, by the document: its status (exactly, no range and no `default`), each header that the document
 * demands or describes, headers that it should have described, the content type, and the body without one property more.
 */
import type { Json } from '../openApiDocument.ts'
import type { Declared, Header, Operation } from './described.ts'
import type { Validate } from './schemas.ts'

/** An answer as it came over the wire. */
export interface Given {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

type Compile = (schema: Json) => Validate

/** Headers of HTTP itself, of browsers' rules and of hardening, which come with every answer of the server and are no dialect's. */
const OF_THE_HOUSE =
  /^(content-type|content-length|date|connection|keep-alive|transfer-encoding|vary|access-control-.*|content-security-policy|cross-origin-(?:resource|opener)-policy|referrer-policy|strict-transport-security|x-content-type-options|x-frame-options)$/

const mediaTypeOf = (headers: Headers): string => (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

/** A header's text as the type that its schema names. */
const typed = ({ schema }: Header, text: string): unknown =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'integer' && /^-?\d+$/.test(text)
    ? Number(text)
    : text

const headerFaults = ({ headers: declared }: Declared, headers: Headers, compile: Compile): string[] => {
  const faults: string[] = []
  for (const [name, header] of declared) {
    const text = headers.get(name)
    if (text === null && header.required) faults.push(`the header ${name} is missing`)
    if (text !== null) faults.push(...compile(header.schema)(typed(header, text)).map((fault) => `the header ${name}: ${fault}`))
  }
  for (const name of headers.keys()) {
    if (!declared.has(name) && !OF_THE_HOUSE.test(name)) faults.push(`the header ${name} is not declared`)
  }
  return faults
}

const parsed = (text: string): { readonly value?: unknown; readonly isJson: boolean } => {
  try {
    return { value: JSON.parse(text), isJson: true }
  } catch {
    return { isJson: false }
  }
}

const bodyFaults = ({ content, mayBeEmpty }: Declared, { headers, text }: Given, compile: Compile): string[] => {
  if (content.size === 0) return text === '' ? [] : ['there is a body, and none is declared']
  if (mayBeEmpty && text === '' && !headers.has('content-type')) return []
  const schema = content.get(mediaTypeOf(headers))
  if (schema === undefined) return [`the content type ${headers.get('content-type')} is not declared`]
  const { value, isJson } = parsed(text)
  return isJson ? [...compile(schema)(value)] : ['the body is not JSON']
}

/** The faults of an answer to `operation`; `bodiless` for HEAD, whose headers are those of GET. */
export function answerFaults(operation: Operation, given: Given, compile: Compile, bodiless = false): string[] {
  const declared = operation.responses.get(String(given.status))
  if (declared === undefined) return [`the status ${given.status} is not declared (${[...operation.responses.keys()].join(', ')})`]
  const body = bodiless ? (given.text === '' ? [] : ['HEAD has a body']) : bodyFaults(declared, given, compile)
  return [...headerFaults(declared, given.headers, compile), ...body]
}

/** The methods of a path. */
export type Allowed = ReadonlySet<string>

const allowFaults = (allowed: Allowed, headers: Headers): string[] => {
  const reported = (headers.get('allow') ?? '').split(', ').sort().join(', ')
  const wanted = [...allowed].sort().join(', ')
  return reported === wanted ? [] : [`Allow is "${reported}", and the document has ${wanted}`]
}

const generalFaults = (headers: Headers): string[] =>
  ['x-request-id', 'cache-control'].filter((name) => !headers.has(name)).map((name) => `the header ${name} is missing`)

export const optionsFaults = (given: Given, allowed: Allowed): string[] => [
  ...(given.status === 204 && given.text === '' ? [] : [`OPTIONS is ${given.status} with a body of ${given.text.length} characters`]),
  ...allowFaults(allowed, given.headers),
  ...generalFaults(given.headers),
]

interface Refusal {
  readonly expected: number
  /** What `Allow` must say; absent for 404. */
  readonly allowed: Allowed | undefined
  readonly errors: readonly Declared[]
}

/** The faults of an answer that no operation gives: 404 below a mount, or 405, in one of the mount's error bodies. */
export function refusalFaults({ expected, allowed, errors }: Refusal, given: Given, compile: Compile, bodiless: boolean): string[] {
  const attempts = bodiless ? [[]] : errors.map((declared) => bodyFaults(declared, given, compile))
  const body = attempts.some((faults) => faults.length === 0) ? [] : (attempts[0] ?? ['the document has no error body here'])
  return [
    ...(given.status === expected ? [] : [`the status is ${given.status}, and not ${expected}`]),
    ...(allowed === undefined ? [] : allowFaults(allowed, given.headers)),
    ...generalFaults(given.headers),
    ...body,
  ]
}

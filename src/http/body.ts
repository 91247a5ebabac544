/**
 * From bytes to raw input, decoded once: a JSON object or a form. Of duplicate JSON keys the last wins; a repeated form or
 * query parameter is refused. Only own keys of a plain record come out, so that `__proto__` is a key like any other.
 */
import type { RequestHeaders } from './headers.ts'
export class BodyProblem extends Error {
  readonly status: 400 | 415
  constructor(status: 400 | 415, message: string) {
    super(message)
    this.status = status
  }
}

export type RawInput = Record<string, unknown>

const decode = (bytes: Uint8Array): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new BodyProblem(400, 'The body is not valid UTF-8')
  }
}

const parseJson = (text: string): RawInput => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BodyProblem(400, 'The body is not valid JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BodyProblem(400, 'The body is not a JSON object')
  return value as RawInput
}

/** Each parameter of a form or query, once. @throws {BodyProblem} 400 for a repeated or badly encoded one */
export const parseParameters = (text: string): RawInput => {
  const result: RawInput = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    if (Object.hasOwn(result, name)) throw new BodyProblem(400, 'A parameter is repeated')
    result[name] = value
  }
  if (/%(?![\da-f]{2})/i.test(text) || !isUtf8(text)) throw new BodyProblem(400, 'A parameter is badly encoded')
  return result
}

const isUtf8 = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/**
 * Reads a body by its content type; no bytes are an empty record.
 * @throws {BodyProblem} 415 for another type, charset or encoding, 400 for what cannot be parsed
 */
export function parseBody(bytes: Uint8Array, headers: RequestHeaders, acceptsForms: boolean): RawInput {
  if (bytes.length === 0) return {}
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '')
  const isForm = acceptsForms && type === 'application/x-www-form-urlencoded'
  if (!isForm && type !== 'application/json') throw new BodyProblem(415, 'Unsupported media type')
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new BodyProblem(415, 'Unsupported charset')
  if (headers.has('content-encoding') && headers.get('content-encoding') !== 'identity')
    throw new BodyProblem(415, 'Unsupported content encoding')
  const text = decode(bytes)
  return isForm ? parseParameters(text) : parseJson(text)
}

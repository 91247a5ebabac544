/** What a load sends: requests as bytes, what their answers must hold, and which request follows which. */
import type { Answer } from './connection.ts'

export interface Request {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly token?: string
  /** X-Forwarded-For. */
  readonly from?: string
  readonly body?: unknown
}

export const bytesOf = ({ method, path, token, from, body }: Request): Buffer => {
  const content = body === undefined ? '' : JSON.stringify(body)
  const lines = [`${method} ${path} HTTP/1.1`, 'host: localhost', 'user-agent: bench', 'accept: application/json']
  if (token !== undefined) lines.push(`authorization: Bearer ${token}`)
  if (from !== undefined) lines.push(`x-forwarded-for: ${from}`)
  if (method === 'POST') lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(content)}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${content}`)
}

export interface Traffic {
  /** The next request of a connection. */
  next(connection: number): Buffer
  /** Looks at its answer. @throws if it is not the wanted one */
  take(connection: number, answer: Answer): void
}

const ERRORS = Buffer.from('"errors":')

/** @throws unless an answer is 200, holds a text, and is no GraphQL answer with errors */
export const checkAnswer = ({ status, body }: Answer, wanted: string): void => {
  if (status === 200 && body.includes(wanted) && !body.includes(ERRORS)) return
  throw new Error(`an answer with ${status}, not with 200 and '${wanted}': ${body.toString('utf8', 0, 400)}`)
}

/** The same requests again and again, shared by all connections. */
export const cycle = (requests: readonly Request[], wanted: string): Traffic => {
  const prepared = requests.map(bytesOf)
  let turn = 0
  return {
    next: () => prepared[turn++ % prepared.length] as Buffer,
    take: (_, answer) => checkAnswer(answer, wanted),
  }
}

interface Chains {
  /** The first token of each chain; a chain belongs to one connection. */
  readonly tokens: readonly string[]
  readonly connections: number
  /** The request that uses a token up. */
  ask(token: string): Request
  /** The next token of the chain. */
  tokenOf(body: Buffer): string
}

/** Chains of refreshes: each request has the token of the answer before it. A connection takes its chains in turn. */
export const chains = ({ tokens, connections, ask, tokenOf }: Chains): Traffic => {
  const kept = Array.from({ length: connections }, (_, own) => tokens.filter((_token, index) => index % connections === own))
  return {
    next: (connection) => bytesOf(ask(kept[connection]?.shift() ?? '')),
    take(connection, answer) {
      checkAnswer(answer, '"token":')
      kept[connection]?.push(tokenOf(answer.body))
    },
  }
}

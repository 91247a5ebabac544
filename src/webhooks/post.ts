/**
 * One POST to addresses that were judged, whatever the name has become meanwhile. Bounded in every direction: time in all, 16 KiB of header,
 * 64 KiB of a body that nobody reads, and no connection is kept.
 */
import { Agent, type ClientRequest, type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps, Agent as SecureAgent } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import type { WebhookRequest } from '../domain/base/ports.ts'
import type { Target } from './target.ts'

const MOST_HEADER_BYTES = 16 * 1024
const MOST_BODY_BYTES = 64 * 1024
/** How long the body of an answer whose status is known may take, in ms. */
const BODY_PATIENCE = 2_000
/** Answers such as 103 that announce the real one. */
const MOST_INFORMATION = 8

// Never with a proxy of the environment: it would look the name up anew.
const plain = new Agent({ keepAlive: false })
const secure = new SecureAgent({ keepAlive: false })

/** Answers with the judged addresses, and never asks the DNS. */
const lookupFrom =
  (addresses: readonly string[]): LookupFunction =>
  (_name, options, callback) => {
    const all = addresses.map((address) => ({ address, family: isIP(address) }))
    const [first] = all
    if (options.all === true) callback(null, all)
    else if (first !== undefined) callback(null, first.address, first.family)
  }

/** Takes the body as far as it is bounded, so that an honest receiver sees its answer taken. */
const drain = (response: IncomingMessage): Promise<void> =>
  new Promise((resolve) => {
    let bytes = 0
    const patience = setTimeout(() => response.destroy(), BODY_PATIENCE)
    response.on('data', (part: Buffer) => {
      bytes += part.byteLength
      if (bytes > MOST_BODY_BYTES) response.destroy()
    })
    response.on('error', () => undefined)
    response.once('close', () => {
      clearTimeout(patience)
      resolve()
    })
  })

const countInformation = (request: ClientRequest): void => {
  let count = 0
  request.on('information', () => {
    count += 1
    if (count > MOST_INFORMATION) request.destroy(Object.assign(new Error('too many'), { code: 'TOO_MANY_INFORMATIONAL_ANSWERS' }))
  })
}

/** The status of the answer, whatever comes after it. @throws what Node says of the connection, with its code */
export const post = async ({ url, addresses }: Target, { headers, body }: WebhookRequest, signal: AbortSignal): Promise<number> =>
  await new Promise((resolve, reject) => {
    const isSecure = url.protocol === 'https:'
    const request = (isSecure ? requestHttps : requestHttp)(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
      agent: isSecure ? secure : plain,
      lookup: lookupFrom(addresses),
      maxHeaderSize: MOST_HEADER_BYTES,
      signal,
    })
    countInformation(request)
    let drained: Promise<number> | undefined
    request.once('response', (response) => {
      const { statusCode = 0 } = response
      drained = drain(response).then(() => {
        request.destroy()
        return statusCode
      })
      resolve(drained)
    })
    request.on('error', (error) => {
      if (drained === undefined) reject(error)
    })
    // Such as an answer 101, whose connection Node closes without an error.
    request.once('close', () => {
      if (drained === undefined) reject(Object.assign(new Error('no answer'), { code: 'NO_ANSWER' }))
    })
    request.end(body)
  })

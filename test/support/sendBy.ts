/** One request with a JSON body, over HTTP or HTTPS, that is never tried again. */
import type { RequestOptions, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Answer {
  readonly status: number
  // biome-ignore lint/suspicious/noExplicitAny: the answers are looked into by the tests
  readonly body: any
}

export interface Ask {
  readonly method?: string
  readonly token?: string | undefined
  readonly body?: object
}

export const headersOf = ({ token, body }: Ask): Record<string, string> => ({
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  ...(body === undefined ? {} : { 'content-type': 'application/json' }),
})

export type Send = typeof request

export const sendBy = (send: Send, options: RequestOptions, given: Ask): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = send({ ...options, method: given.method ?? 'GET' }, (response) => {
      text(response)
        .then((body) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(body) }))
        .catch(reject)
    })
    sent.once('error', reject).end(given.body === undefined ? undefined : JSON.stringify(given.body))
  })

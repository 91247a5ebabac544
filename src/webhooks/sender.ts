/** Sends webhooks: looks up and judges where a request goes, and sends it there within WEBHOOK_TIMEOUT. */
import type { Config } from '../config.ts'
import type { WebhookAnswer, WebhookSender } from '../domain/base/ports.ts'
import { createJudge } from './addresses.ts'
import { createLookUp, type LookUp } from './lookUp.ts'
import { post } from './post.ts'
import { BadTarget, findTarget } from './target.ts'

type Settings = Pick<Config, 'WEBHOOK_ALLOWED_NETWORKS' | 'WEBHOOK_TIMEOUT'>

const CODE = /^[A-Z][A-Z0-9_]{2,60}$/

/** Codes of Node and of OpenSSL; a message could name an address. */
const reasonOf = (error: unknown, signal: AbortSignal): string => {
  if (signal.aborted) return 'no answer in time'
  if (error instanceof BadTarget) return `the URL ${error.message}`
  const { code } = error as { readonly code?: unknown }
  return typeof code === 'string' && CODE.test(code) ? code : 'the request failed'
}

/** Resolves at the latest when the signal is aborted: a look-up does not know signals. */
const within = async <T>(signal: AbortSignal, work: Promise<T>): Promise<T> => {
  let abandon = (): void => undefined
  const late = new Promise<never>((_resolve, reject) => {
    abandon = () => reject(signal.reason)
    signal.addEventListener('abort', abandon, { once: true })
  })
  return await Promise.race([work, late]).finally(() => signal.removeEventListener('abort', abandon))
}

/** @param lookUp finds the addresses of a name; by default in the DNS */
export const createWebhookSender = (config: Settings, lookUp: LookUp = createLookUp()): WebhookSender => {
  const judge = createJudge(config.WEBHOOK_ALLOWED_NETWORKS)
  return {
    async problem(url) {
      const signal = AbortSignal.timeout(config.WEBHOOK_TIMEOUT)
      try {
        await within(signal, findTarget(url, judge, lookUp))
        return null
      } catch (error) {
        return error instanceof BadTarget ? error.message : 'must have a host that can be looked up'
      }
    },
    async send(request): Promise<WebhookAnswer> {
      const signal = AbortSignal.timeout(config.WEBHOOK_TIMEOUT)
      try {
        const target = await within(signal, findTarget(request.url, judge, lookUp))
        return { status: await post(target, request, signal) }
      } catch (error) {
        return { status: null, reason: reasonOf(error, signal) }
      }
    },
  }
}

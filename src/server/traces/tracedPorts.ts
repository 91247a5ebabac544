/** Attempts to deliver mails and webhooks, each with a trace of its own: the request that caused it was answered before. */
import type { Deliver, WebhookSender } from '../../domain/base/ports.ts'
import { beginTrace, type Tracer } from '../../tracing/spans.ts'

interface Ports {
  readonly deliver: Deliver
  readonly webhookSender: WebhookSender
}

const delivering =
  (tracer: Tracer, deliver: Deliver): Deliver =>
  async (mail, stamp) => {
    const trace = beginTrace(tracer, { name: 'deliver mail', kind: 'client', attributes: { 'vestibule.mail_id': stamp.id } }, null)
    const delivery = await trace.run(async () => await deliver(mail, stamp))
    trace.root.set({ 'vestibule.outcome': delivery.outcome })
    if (delivery.outcome !== 'delivered') trace.root.fail(delivery.outcome)
    trace.end()
    return delivery
  }

const sending = (tracer: Tracer, { problem, send }: WebhookSender): WebhookSender => ({
  problem,
  async send(request) {
    const attributes = { 'http.request.method': 'POST', 'vestibule.webhook_message_id': request.headers['webhook-id'] }
    const trace = beginTrace(tracer, { name: 'deliver webhook', kind: 'client', attributes }, null)
    const answer = await trace.run(async () => await send(request))
    if (answer.status !== null) trace.root.set({ 'http.response.status_code': answer.status })
    if (answer.status === null || answer.status >= 400) trace.root.fail(answer.status === null ? 'no_answer' : String(answer.status))
    trace.end()
    return answer
  },
})

export const tracedPorts = (tracer: Tracer | undefined, ports: Ports): Ports => {
  if (tracer === undefined) return ports
  return { deliver: delivering(tracer, ports.deliver), webhookSender: sending(tracer, ports.webhookSender) }
}

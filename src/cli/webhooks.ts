/** Webhooks as commands print and name them. */
import type { AuditEventType } from '../domain/auditLog/events.ts'
import { Failure } from '../domain/base/errors.ts'
import type { Webhook } from '../domain/webhooks/findWebhooks.ts'
import { WrongUse } from './exitCodes.ts'
import { factsText, printable } from './showAccount.ts'

export const shownWebhook = ({ seq: _seq, position, ...rest }: Webhook) => ({ ...rest, lastEvent: String(position) })

export const webhookText = (webhook: Webhook): string => factsText(shownWebhook(webhook))

const stateOf = ({ disabledAt, disabledReason, failingSince }: Webhook): string => {
  if (disabledAt !== null) return `disabled (${disabledReason})`
  return failingSince === null ? 'enabled' : `failing since ${failingSince.toISOString()}`
}

export const webhookLine = (webhook: Webhook): string =>
  [webhook.id, stateOf(webhook), printable(webhook.url), printable(webhook.description)].filter((part) => part !== '').join('  ')

/** For `catch`: says which webhook there is not. */
export const noWebhook =
  (id: string) =>
  (error: unknown): never => {
    throw error instanceof Failure && error.code === 'NOT_FOUND'
      ? new Failure('NOT_FOUND', { message: `There is no webhook ${printable(id)}` })
      : error
  }

/** @throws {WrongUse} for anything but a type of event */
export const typesIn = async (given: readonly string[]): Promise<AuditEventType[]> => {
  const { auditEventTypes } = await import('../domain/auditLog/events.ts')
  const unknown = given.find((type) => !Object.hasOwn(auditEventTypes, type))
  if (unknown !== undefined) throw new WrongUse(`--type: there is no event ${JSON.stringify(unknown)}: docs/audit.md has all of them`)
  return given as AuditEventType[]
}

/** What is said of a new secret. */
export const secretText = (secret: string): string => `The secret, which is not shown again: ${secret}`

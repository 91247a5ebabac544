/**
 * What Standard Webhooks 1.0 (standardwebhooks.com) asks of a sender: secrets with the prefix `whsec_`, and a signature `v1` (HMAC-SHA-256) of id, time
 * and body. Secrets are kept encrypted, bound to their webhook and place.
 */
import { createHmac } from 'node:crypto'
import type { RandomBytes } from '../base/ports.ts'
import type { SecretBox } from '../keys/secretBox.ts'

const PREFIX = 'whsec_'
const SECRET_BYTES = 32

/** The contexts of the envelopes. */
export const secretContext = (webhookId: string): string => `webhooks.secret:${webhookId}`
export const previousSecretContext = (webhookId: string): string => `webhooks.previous_secret:${webhookId}`

export const newSecret = (randomBytes: RandomBytes): string => `${PREFIX}${randomBytes(SECRET_BYTES).toString('base64')}`

const sign = (secret: string, content: string): string =>
  `v1,${createHmac('sha256', Buffer.from(secret.slice(PREFIX.length), 'base64'))
    .update(content)
    .digest('base64')}`

export interface Signed {
  readonly id: string
  readonly at: Date
  readonly body: string
}

/** The headers of a message; each of the secrets signs it. */
export const signedHeaders = (secrets: readonly string[], { id, at, body }: Signed): Readonly<Record<string, string>> => {
  const seconds = String(Math.floor(at.getTime() / 1_000))
  return {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': secrets.map((secret) => sign(secret, `${id}.${seconds}.${body}`)).join(' '),
  }
}

interface Sealed {
  readonly id: string
  readonly secret: string
  readonly previousSecret: string | null
  readonly previousUntil: Date | null
}

/** The secrets that sign now, the newest first. @throws {SecretBoxError} if one does not open */
export const openSecrets = (secretBox: SecretBox, { id, secret, previousSecret, previousUntil }: Sealed, now: Date): string[] => {
  const newest = secretBox.open(secret, secretContext(id))
  if (previousSecret === null || previousUntil === null || previousUntil <= now) return [newest]
  return [newest, secretBox.open(previousSecret, previousSecretContext(id))]
}

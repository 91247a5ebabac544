/**
 * What the domain needs from outside: time, randomness, mail delivery, a list of breached passwords, a log. Tests pass in their
 * own.
 */
export interface Clock {
  now(): Date
}

/** The only source of randomness: cryptographically secure bytes. */
export type RandomBytes = (length: number) => Buffer

/** A mail, ready to be sent; it always has a plain text. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/** The identity of a mail: the same at each attempt, so that a mail that arrives twice can be recognised. */
export interface MailStamp {
  readonly id: string
  readonly queuedAt: Date
}

/**
 * The outcome of an attempt to deliver a mail. `refused`: permanently, for this mail. `deferred`: temporarily, for this mail.
 * `unavailable`: no mail can be sent at present. `reason` is a few words or codes, without content or recipient of the mail.
 */
export type Delivery =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'refused' | 'deferred' | 'unavailable'; readonly reason: string }

/** Attempts to deliver a mail once, within a minute. Never throws. */
export type Deliver = (mail: Mail, stamp: MailStamp) => Promise<Delivery>

/**
 * Whether a password is known from breaches. Takes seconds at most and never rejects: if the list cannot be read, that is logged,
 * and the answer is no.
 */
export type IsPwned = (password: string) => Promise<boolean>

/** A POST to a webhook, signed already. */
export interface WebhookRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What became of it: the status of the answer, or why there was none, in a few words or a code without address. */
export type WebhookAnswer = { readonly status: number } | { readonly status: null; readonly reason: string }

export interface WebhookSender {
  /** Why requests may not go to a URL now, as `must ...`; null if they may. Looks its name up, so it takes seconds at most. Never throws. */
  problem(url: string): Promise<string | null>
  /** Sends a request once, within WEBHOOK_TIMEOUT, and only to an address that webhooks may be sent to. Follows no redirect. Never throws. */
  send(request: WebhookRequest): Promise<WebhookAnswer>
}

/** Structured log: fields, then a fixed message. Never pass in a secret. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

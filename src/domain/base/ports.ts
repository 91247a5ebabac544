/**
 * What the domain asks of the world: time, chance, a way to send mail, a list of breached passwords, a log. Tests hand in their own.
 */
export interface Clock {
  now(): Date
}

/** The one source of randomness: cryptographically secure bytes. */
export type RandomBytes = (length: number) => Buffer

/** A mail, ready to be sent; plain text is always there. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html?: string
}

/** Which mail it is: the same at each try, so that one that arrives twice can be told. */
export interface MailStamp {
  readonly id: string
  readonly queuedAt: Date
}

/**
 * What came of a try to deliver. `refused`: nobody will ever take this mail. `deferred`: not this mail, not now.
 * `unavailable`: no mail can be sent just now. `reason` is a few words or codes, without the mail's content or addressee.
 */
export type Delivery =
  | { readonly outcome: 'delivered' }
  | { readonly outcome: 'refused' | 'deferred' | 'unavailable'; readonly reason: string }

/** Tries to deliver a mail, once; within a minute it is over. Never throws. */
export type Deliver = (mail: Mail, stamp: MailStamp) => Promise<Delivery>

/** Whether a password is known from breaches. Takes seconds at most and never rejects: what cannot be told is logged, and no. */
export type IsPwned = (password: string) => Promise<boolean>

/** Structured log: the fields, then a fixed message. No secret may be handed in. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

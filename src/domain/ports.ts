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

/** Takes a mail for delivery and returns at once; a failed delivery is logged, never thrown. */
export type SendMail = (mail: Mail) => void

/** Whether a password is known from breaches. Takes seconds at most and never rejects: what can not be told is logged, and no. */
export type IsPwned = (password: string) => Promise<boolean>

/** Structured log: the fields, then a fixed message. No secret may be handed in. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

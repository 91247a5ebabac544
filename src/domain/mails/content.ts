/**
 * What a mail says, before it is text or HTML. Our own words and what others wrote are kept apart to the end: the latter is
 * escaped, and isolated from the direction of the words around it, wherever it stands.
 */
import type { MailFacts, MailName } from './facts.ts'

interface Piece {
  readonly text: string
  /** Written by somebody else: a name, an address, a user agent. */
  readonly foreign: boolean
}

export type Phrase = readonly Piece[]

/** Words of our own. */
export const words = (text: string): Phrase => [{ text, foreign: false }]

/** A sentence of our own with values in it; a value that is a string is somebody else's. */
export const say = (literals: TemplateStringsArray, ...values: (string | Phrase)[]): Phrase =>
  literals.flatMap((literal, index) => {
    const value = values[index] ?? []
    return [...words(literal), ...(typeof value === 'string' ? [{ text: value, foreign: true }] : value)]
  })

/** A paragraph, a link of ours with what it is for, digits to type in, or a list of labels and values. */
export type Block =
  | Phrase
  | { readonly link: string; readonly label: string }
  | { readonly code: string }
  | { readonly details: readonly (readonly [label: string, value: Phrase])[] }

export interface Content {
  /** Holds nothing that a user wrote. */
  readonly subject: string
  readonly blocks: readonly Block[]
}

export interface Sender {
  /** What the server that sends the mail is called. */
  readonly service: string
}

/** All that a language has to say in mails. */
export interface MailLanguage {
  /** The first line; the name is null where it may not be said. */
  readonly greeting: (name: string | null) => Phrase
  readonly mails: { readonly [Name in MailName]: (facts: MailFacts[Name] & Sender) => Content }
  /** The last line. */
  readonly closing: (sender: Sender) => Phrase
}

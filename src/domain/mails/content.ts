/**
 * The content of a mail, before it becomes text or HTML. Our words and other people's words stay separate until then: the latter
 * are escaped, and isolated from the writing direction around them.
 */
import type { MailFacts, MailName } from './mailFacts.ts'

interface Piece {
  readonly text: string
  /** Written by somebody else: a name, an address, a user agent. */
  readonly foreign: boolean
}

export type Phrase = readonly Piece[]

/** Our words. */
export const words = (text: string): Phrase => [{ text, foreign: false }]

/** A sentence of ours with values; values that are strings were written by somebody else. */
export const say = (literals: TemplateStringsArray, ...values: (string | Phrase)[]): Phrase =>
  literals.flatMap((literal, index) => {
    const value = values[index] ?? []
    return [...words(literal), ...(typeof value === 'string' ? [{ text: value, foreign: true }] : value)]
  })

/** A paragraph, a labelled link to one of our pages, a code to type in, or a list of labels and values. */
export type Block =
  | Phrase
  | { readonly link: string; readonly label: string }
  | { readonly code: string }
  | { readonly details: readonly (readonly [label: string, value: Phrase])[] }

export interface Content {
  /** Contains nothing that a user wrote. */
  readonly subject: string
  readonly blocks: readonly Block[]
}

export interface Sender {
  /** The name of the server that sends the mail. */
  readonly service: string
}

/** All texts that a language needs for mails. */
export interface MailLanguage {
  /** The first line; the name is null if the mail may not repeat it. */
  readonly greeting: (name: string | null) => Phrase
  readonly mails: { readonly [Name in MailName]: (facts: MailFacts[Name] & Sender) => Content }
  /** The last line. */
  readonly closing: (sender: Sender) => Phrase
}

/**
 * An exporter gives accounts back to their origin, in the form in which it imports them. Exporters are pure: an account in, a document out.
 *
 * With the file that the origin was exported to (`--over`), what the origin has of an account and we do not stays in its document.
 */
import type { ReturningAccount } from '../domain/moving/goingBack/returning.ts'
import type { Document } from '../importers/sources/document.ts'

export type Json = { readonly [key: string]: unknown }

export interface Returned {
  readonly document: Json
  /** What the origin cannot be given, in words that are the same for all accounts. */
  readonly notes: readonly string[]
}

export interface Exporter {
  /** That of its importer. */
  readonly name: string
  readonly summary: string
  /** Whether it takes the accounts of every import, and needs no ids of the origin; by default only those of the importer of its name. */
  readonly takesAll?: true
  /** A document without all that is secret. Without this, the form is of no use without secrets. */
  withoutSecrets?(document: Json): Json
  /** The documents of a file of the origin. */
  documents(source: AsyncIterable<Uint8Array>): AsyncIterable<Document>
  /** The id of the account that a document is about; null for one that is about none. */
  idOf(document: unknown): string | null
  /** `over`: the document of the origin. */
  documentOf(account: ReturningAccount, over: Json | null): Returned
  /** What stands before, between and after the documents of a file. */
  readonly frame: readonly [before: string, between: string, after: string]
}

/** The same, but for what is secret. */
export const withoutSecrets = (exporter: Exporter): Exporter => ({
  ...exporter,
  documentOf(account, over) {
    const { document, notes } = exporter.documentOf(account, over)
    return { document: exporter.withoutSecrets?.(document) ?? document, notes }
  },
})

/** Notes of several exporters. */
export const PASSWORD_IS_NEW = 'a password that is new there, and whose hash the origin cannot check: it must be reset there'
export const PASSWORD_IS_OLD = 'a hash of ours for a password that is the same as there: the hash there is kept'
export const NO_TOTP = 'a second factor that was set up here'

export const objectOf = (value: unknown): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}

/** Without what is undefined. */
export const given = (document: Json): Json => Object.fromEntries(Object.entries(document).filter(([, value]) => value !== undefined))

/** What importers have in common: documents are read from a source, and each is translated into an account. */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import type { SourceRecord } from '../domain/moving/importAccounts.ts'
import { problemsOf } from '../domain/moving/reportText.ts'
import { type Importer, type ImporterOption, type ImporterOptions, WrongOption } from './importer.ts'
import { type Document, hasTooMany, TOO_MANY } from './sources/document.ts'

/** An account of an origin. `notes` name what it has that cannot be taken over, in words that are the same for all accounts. */
export interface Translated {
  readonly account: GivenAccount
  readonly notes?: readonly string[]
}

/** Null for a document that is about no account. @throws {z.ZodError | SyntaxError | Untranslatable} */
export type Translate = (document: unknown) => Translated | null

/** Why a document cannot be an account. It contains nothing of the document. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable'
}

/** In words; never with content of the document, which may be secret. */
const reasonOf = (error: unknown): string => {
  if (error instanceof z.ZodError) return problemsOf(error)
  if (error instanceof Untranslatable) return error.message
  if (error instanceof SyntaxError) return 'a field that holds JSON is not valid JSON'
  throw error
}

const translated = (translate: Translate, document: unknown): SourceRecord | null => {
  if (hasTooMany(document)) return { reason: `the record ${TOO_MANY}`, given: document }
  try {
    const found = translate(document)
    if (found === null) return null
    const { account, notes = [] } = found
    return notes.length === 0 ? { given: account } : { given: account, notes: [...new Set(notes)] }
  } catch (error) {
    return { reason: reasonOf(error), given: document }
  }
}

/** The options with their defaults. @throws {WrongOption} */
export const completeOptions = (known: readonly ImporterOption[], given: ImporterOptions): ImporterOptions => {
  const complete: Record<string, string> = {}
  for (const { name, isRequired, choices, default: otherwise } of known) {
    const value = given[name] ?? otherwise
    if (value === undefined || value === '') {
      if (isRequired === true) throw new WrongOption(`--${name} is needed`)
      continue
    }
    if (choices?.includes(value) === false) throw new WrongOption(`--${name} must be one of ${choices.join(', ')}`)
    complete[name] = value
  }
  return complete
}

interface Parts extends Omit<Importer, 'options' | 'read'> {
  readonly options?: readonly ImporterOption[]
  documents(source: AsyncIterable<Uint8Array>, options: ImporterOptions): AsyncIterable<Document>
  /** Called once for a source. @throws {WrongOption} */
  translator(options: ImporterOptions): Translate
}

export const importerOf = ({ name, summary, options: known = [], documents, translator }: Parts): Importer => ({
  name,
  summary,
  options: known,
  async *read(source, given) {
    const options = completeOptions(known, given)
    const translate = translator(options)
    for await (const document of documents(source, options)) {
      const record = 'reason' in document ? document : translated(translate, document.document)
      if (record !== null) yield record
    }
  },
})

/** An option that is a number. @throws {WrongOption} */
export const numberOf = (options: ImporterOptions, name: string, least: number, most: number): number => {
  const number = Number(options[name])
  if (!Number.isInteger(number) || number < least || number > most)
    throw new WrongOption(`--${name} must be a whole number from ${least} to ${most}`)
  return number
}

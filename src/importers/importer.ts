/**
 * An importer: reads what an origin exports, and gives records of accounts. Importers are pure: bytes in, records out. They know
 * neither the database nor files, and need memory for one record, whatever the size of the source.
 */
import type { SourceRecord } from '../domain/moving/importAccounts.ts'

/** An option of an importer, as in `--name value`. */
export interface ImporterOption {
  /** In lower case, with hyphens. */
  readonly name: string
  /** What stands for the value in the help, such as `KEY`. An option without it is a flag: its value is `true`. */
  readonly value?: string
  readonly description: string
  readonly isRequired?: boolean
  readonly choices?: readonly string[]
  /** The value of an option that is not given. */
  readonly default?: string
  /** The environment variable that gives the value of a secret, which must not stand in a command line. */
  readonly env?: string
}

export type ImporterOptions = Readonly<Record<string, string>>

export interface Importer {
  /** As in `import NAME FILE`. */
  readonly name: string
  /** One line for the help: which file it reads. */
  readonly summary: string
  readonly options: readonly ImporterOption[]
  /**
   * The records of a source, in its order; the same source gives the same records. What cannot be read is a record with its reason.
   * Options that are not given have their defaults. @throws {WrongOption} before the first record
   */
  read(source: AsyncIterable<Uint8Array>, options: ImporterOptions): AsyncIterable<SourceRecord>
}

/** An option whose value cannot be used, or that is missing, or a file for another command; the message is for the person who gave it. */
export class WrongOption extends Error {
  override readonly name = 'WrongOption'
}

/** Accounts that are shut out until some moment. */
import { timeOf } from './fields.ts'
import { type ImporterOption, type ImporterOptions, WrongOption } from './importer.ts'

/** With it, the same file gives the same records on another day, too. */
export const asOf: ImporterOption = {
  name: 'as-of',
  value: 'TIME',
  description: 'when the file was made: accounts that were shut out then are disabled; without it, those that still are',
}

/** @throws {WrongOption} */
export const asOfIn = (options: ImporterOptions): number => {
  const time = timeOf(options[asOf.name]) ?? Date.now()
  if (Number.isNaN(time)) throw new WrongOption('--as-of must be a time, such as 2026-01-31T12:00:00Z')
  return time
}

export const BANNED = 'the end of a ban: the account is disabled for good'

/** Texts of reports that contain names of a hostile source: short, and such that databases and terminals take them. */
import type * as z from 'zod'
import { fieldErrorsOf } from '../base/input.ts'

const MOST_PROBLEMS = 8
const LONGEST_PROBLEM = 110
const LONGEST_REASON = 1_000

/** At most `longest` code units; control characters and halves of characters are replaced. */
export const reportText = (text: string, longest = LONGEST_REASON): string =>
  text
    .slice(0, longest)
    .toWellFormed()
    .replace(/\p{Cc}/gu, '\uFFFD')

/** The wrong fields of a document, without their content. */
export const problemsOf = (error: z.ZodError): string => {
  const problems = fieldErrorsOf(error)
  const named = problems.slice(0, MOST_PROBLEMS).map(({ field, message }) => reportText(`${field} ${message}`.trim(), LONGEST_PROBLEM))
  const more = problems.length - named.length
  return reportText([...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; '))
}

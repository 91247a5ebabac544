/**
 * `vestibule/dialect`: what the source of a dialect imports, and nothing that a dialect must not have. The one file that exports what
 * others make, so that a dialect has the same rules for input and the same zod as ours. docs/dialects.md says how to use it.
 */
import { password as passwordOf } from '../domain/base/input.ts'
import { minimumPasswordLength } from '../domain/base/surfaces.ts'

export { z } from 'zod'
export type { ErrorCode, FieldError } from '../domain/base/errors.ts'
export { bio, email, firstName, lastName, locale, name, nonEmpty, text, username } from '../domain/base/input.ts'
export { defineDialect } from './defineDialect.ts'
export type {
  Dialect,
  ErrorForms,
  FailureView,
  Mount,
  Reply,
  ReplyContext,
  Row,
  Texts,
} from './dialect.ts'
export { errorForms, type Problem } from './errorForms.ts'
export { confirmed } from './passwordConfirmation.ts'
export { bodyAsInput, counted, del, get, given, hashed, list, nothing, paramsAsInput, post, put, replies, takes } from './rows.ts'

/** A password to set. The domain asks for as many characters, whatever a dialect does. */
export const password = passwordOf(minimumPasswordLength.custom)

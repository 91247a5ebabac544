/**
 * `vestibule/dialect`: everything that the source of a dialect may import. The only file that exports what other files make, so that a
 * dialect has the same rules for input and the same zod as the built-in ones. docs/dialects.md explains its use.
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
export { bodyAsInput, del, get, given, list, nothing, paramsAsInput, post, put, replies, takes } from './rows.ts'

/** A new password. The domain requires this length of every dialect. */
export const password = passwordOf(minimumPasswordLength.custom)

/**
 * How `idiot` says what went wrong: the body of `/v1`, and its own words for an address that is taken.
 */
import type { ErrorForms } from '../dialect.ts'
import { invalidFields, v1Errors } from '../v1/errors.ts'

export const idiotErrors: ErrorForms = {
  ...v1Errors,
  failures: { ...v1Errors.failures, EMAIL_TAKEN: invalidFields('Email already exists') },
}

/**
 * The errors of each field, for bodies with `errors`, one string per field. Only with 400: codes of 401 that name a field, such as a wrong
 * second factor, are not errors of input. Also renames fields that have another name in the dialect.
 */
import type { ErrorForms } from './dialect.ts'
import type { Problem } from './errorForms.ts'

type Form = ErrorForms['failures']['INVALID_INPUT']

export const errorsByField = ({ status, fieldErrors }: Problem): { readonly errors?: Record<string, string> } =>
  status === 400 && fieldErrors.length > 0 ? { errors: Object.fromEntries(fieldErrors.map(({ field, message }) => [field, message])) } : {}

/** An element of a list is named as its list: `scopes.0`. */
const renamed = (field: string, names: Readonly<Record<string, string>>): string => {
  const [head = '', ...rest] = field.split('.')
  return [names[head] ?? head, ...rest].join('.')
}

/** The form with the dialect's names of fields. */
export const withFieldNames =
  (form: Form, names: Readonly<Record<string, string>>): Form =>
  (failure, context) =>
    form({ ...failure, fieldErrors: failure.fieldErrors.map((error) => ({ ...error, field: renamed(error.field, names) })) }, context)

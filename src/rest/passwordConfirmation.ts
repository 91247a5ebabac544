/**
 * A password and its confirmation, two fields of one body.
 */
import type * as z from 'zod'

/** `schema`, where both fields must be the same; checked whatever else is wrong. */
export const confirmed = <S extends z.ZodObject>(schema: S, field: keyof z.input<S> & string, confirmation: keyof z.input<S> & string): S =>
  schema.refine(
    (value) => {
      const given = value as Record<string, unknown>
      return given[field] === given[confirmation]
    },
    { path: [confirmation], error: `must be the same as ${field}`, when: ({ value }) => typeof value === 'object' && value !== null },
  )

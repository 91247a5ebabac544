/** Values of MongoDB's extended JSON, in its older and its present form. https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/ */
import * as z from 'zod'
import { timeOf } from './fields.ts'

/** `{"$date": "..."}`, `{"$date": 0}` or `{"$date": {"$numberLong": "0"}}`, in milliseconds since 1970. */
export const date = z
  .strictObject({ $date: z.union([z.string(), z.number(), z.strictObject({ $numberLong: z.string() })]) }, { error: 'is not a date' })
  .transform(({ $date }) =>
    $date !== null && typeof $date === 'object' ? Number($date.$numberLong) : typeof $date === 'number' ? $date : timeOf($date),
  )
  .refine((value): value is number => value !== undefined && !Number.isNaN(new Date(value).getTime()), 'is not a date')

export const id = z.union([z.string(), z.strictObject({ $oid: z.string() }).transform(({ $oid }) => $oid)], { error: 'is not an id' })

/** Django's users, from `manage.py dumpdata auth.user`: a JSON array of objects. https://docs.djangoproject.com/en/stable/topics/serialization/ */
import * as z from 'zod'
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import { given } from './given.ts'

const user = z.object({
  pk: z.union([z.number(), z.string()]),
  fields: z.object({
    username: z.string(),
    email: z.string().nullish(),
    password: z.string().nullish(),
    first_name: z.string().nullish(),
    last_name: z.string().nullish(),
    is_active: z.boolean().nullish(),
    is_superuser: z.boolean().nullish(),
    date_joined: z.string().nullish(),
  }),
})

/** Django writes an exclamation mark and random text where there is no password. */
const UNUSABLE = '!'

/** Null for an object of another model. @throws {z.ZodError} for a user that is none */
export const fromDjango = (document: unknown): GivenAccount | null => {
  const { model } = z.object({ model: z.string() }).parse(document)
  if (!/\.(?:custom)?user$/i.test(model)) return null
  const { pk, fields } = user.parse(document)
  const { password } = fields
  return {
    id: String(pk),
    username: given(fields.username),
    email: given(fields.email),
    firstName: given(fields.first_name),
    lastName: given(fields.last_name),
    isAdmin: fields.is_superuser === true,
    disabled: fields.is_active === false,
    passwordHash: password == null || password.startsWith(UNUSABLE) ? undefined : given(password),
    createdAt: given(fields.date_joined),
  }
}

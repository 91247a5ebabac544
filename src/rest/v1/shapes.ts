/**
 * How the dialects of `/v1` print an account. A missing e-mail is `""`, because the documents print a required string.
 */
import { z } from 'zod'
import { given } from '../given.ts'
import type { V1ProfileFragment, V1UserFragment } from '../operations.ts'

/** `User` of the iDIoT document. */
export const PlainUser = z
  .object({ id: z.string(), name: z.string().meta({ example: 'hi mark' }), email: z.string().meta({ example: 'x@example.com' }) })
  .meta({ id: 'User' })

export const plainUserOf = ({ id, name, email }: V1UserFragment) => ({ id, name, email: email ?? '' })

export const User = z
  .object({
    id: z.string(),
    email: z.string(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    phone: z.string().nullable(),
    name: z.string(),
    twoFactorEnabled: z.boolean(),
  })
  .meta({ id: 'SignedInUser' })

export const userOf = ({ id, email, firstName, lastName, phone, name, twoFactorEnabled }: V1ProfileFragment) => ({
  id,
  email: email ?? '',
  firstName,
  lastName,
  phone,
  name,
  twoFactorEnabled: given(twoFactorEnabled),
})

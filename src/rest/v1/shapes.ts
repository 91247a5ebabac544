/**
 * How the dialects of `/v1` print an account. A missing e-mail is `""`, because the documents print a required string.
 */
import * as z from 'zod'
import type { V1ProfileFragment, V1UserFragment } from '../operations.ts'

/** `User` of the iDIoT document; `permissions` is what later versions of it ask for. */
export const PlainUser = z
  .object({
    id: z.string(),
    name: z.string().meta({ example: 'hi mark' }),
    email: z.string().meta({ example: 'x@example.com' }),
    permissions: z.array(z.string()).optional().meta({ description: 'The scopes of the user; absent for those who may not know them' }),
  })
  .meta({ id: 'User' })

/** With the prefix that the original's own front end looks for; `perm` alone is all. */
const permissionsOf = ({ scopeNames }: V1UserFragment): { readonly permissions?: string[] } =>
  scopeNames === null ? {} : { permissions: scopeNames.map((scope) => (scope === 'perm' ? scope : `perm:${scope}`)) }

export const plainUserOf = (user: V1UserFragment) => ({ id: user.id, name: user.name, email: user.email ?? '', ...permissionsOf(user) })

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
  twoFactorEnabled,
})

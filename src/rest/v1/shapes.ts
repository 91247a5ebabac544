/**
 * How the dialects of `/v1` print an account. A missing e-mail is `""`, because the documents print a required string.
 */
import type { V1ProfileFragment, V1UserFragment } from '../operations.ts'

/** `User` of the iDIoT document. */
export const plainUserOf = ({ id, name, email }: V1UserFragment) => ({ id, name, email: email ?? '' })

export const userOf = ({ id, email, firstName, lastName, phone, name, twoFactorEnabled }: V1ProfileFragment) => ({
  id,
  email: email ?? '',
  firstName,
  lastName,
  phone,
  name,
  twoFactorEnabled,
})

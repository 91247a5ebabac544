/** The columns of `users` as JSON (`db/jsonColumns.ts`): how what every request and every list reads becomes an account. */
import {
  asBigInt,
  asBoolean,
  asDate,
  asNullableDate,
  asNullableNumber,
  asNullableText,
  asNumber,
  asText,
  asTextArray,
  type JsonColumns,
} from '../../db/jsonColumns.ts'
import type { Account } from '../frame/account.ts'

export const accountJson: JsonColumns<Account> = {
  id: ['id', asText],
  seq: ['seq::text', asBigInt],
  createdAt: ['created_at', asDate],
  updatedAt: ['updated_at', asDate],
  email: ['email', asNullableText],
  emailVerifiedAt: ['email_verified_at', asNullableDate],
  heldEmail: ['held_email', asNullableText],
  heldVerifiedAt: ['held_verified_at', asNullableDate],
  heldUntil: ['held_until', asNullableDate],
  username: ['username', asText],
  name: ['name', asText],
  firstName: ['first_name', asText],
  lastName: ['last_name', asNullableText],
  phone: ['phone', asNullableText],
  phoneE164: ['phone_e164', asNullableText],
  bio: ['bio', asNullableText],
  locale: ['locale', asText],
  isAdmin: ['is_admin', asBoolean],
  loginDisabled: ['login_disabled', asBoolean],
  scopes: ['scopes', asTextArray],
  passwordHash: ['password_hash', asNullableText],
  mustChangePassword: ['must_change_password', asBoolean],
  credentialVersion: ['credential_version', asNumber],
  twoFactorSecret: ['two_factor_secret', asNullableText],
  twoFactorPending: ['two_factor_pending', asNullableText],
  twoFactorLastStep: ['two_factor_last_step', asNullableNumber],
}

/** What lists show; reading these alone costs less. The form is the same for each list, so that there are few statements. */
const { id, seq, createdAt, username, email, name, isAdmin, loginDisabled, scopes, credentialVersion } = accountJson

export const listedJson = {
  id,
  seq,
  createdAt,
  username,
  email,
  name,
  isAdmin,
  loginDisabled,
  scopes,
  credentialVersion,
} satisfies Partial<typeof accountJson>

/** An account of which only those columns were read. */
export type ListedAccount = Pick<Account, keyof typeof listedJson>

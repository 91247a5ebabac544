/**
 * What an undo compares: a digest of an account as an import left it. It covers what a person or an administrator can change, and
 * neither counters nor envelopes, which change by themselves.
 */
import { Prisma } from '../../db/generated/client.ts'

const { sql } = Prisma

/** The digest of the row `users` that a query names `account`. */
export const accountState: Prisma.Sql = sql`md5(jsonb_build_array(account.id, account.email, account.email_verified_at, account.held_email,
  account.username, account.name, account.first_name, account.last_name, account.phone, account.bio, account.locale, account.is_admin,
  account.login_disabled, account.scopes, account.password_hash, account.must_change_password, account.credential_version,
  account.two_factor_secret IS NOT NULL)::text)`

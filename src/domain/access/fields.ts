/** Who may read which field of an account. */
import type { Viewer } from '../frame/caller.ts'
import { holds, isInteractive } from './requirements.ts'

/**
 * Who may read a field: `anyone` who may read the object; a `reader`: the account itself, or a caller with `users:read`; or the
 * `owner`: the account itself in an interactive session, or an administrator. For all others the field fails with FORBIDDEN.
 */
export type Audience = 'anyone' | 'reader' | 'owner'

/** The fields of an account, each with its audience. The schema guards its fields by this table. */
export const userFields = {
  id: 'anyone',
  username: 'anyone',
  email: 'anyone',
  name: 'anyone',
  firstName: 'reader',
  lastName: 'reader',
  phone: 'reader',
  phoneE164: 'reader',
  bio: 'reader',
  locale: 'reader',
  emailVerified: 'reader',
  isAdmin: 'reader',
  loginDisabled: 'reader',
  scopes: 'reader',
  scopeNames: 'reader',
  twoFactorEnabled: 'reader',
  mustChangePassword: 'reader',
  createdAt: 'reader',
  updatedAt: 'reader',
  pendingEmails: 'owner',
  pendingVerification: 'owner',
  recoveryCodesLeft: 'owner',
  sessions: 'owner',
  personalAccessTokens: 'owner',
  auditEvents: 'owner',
} as const satisfies Record<string, Audience>

/** Whether a viewer belongs to an audience of the account `id`. */
export const belongsTo = (viewer: Viewer | null, audience: Audience, accountId: string): boolean => {
  if (audience === 'anyone') return true
  if (audience === 'reader') return viewer?.account.id === accountId || holds(viewer, 'users:read')
  return (isInteractive(viewer) && viewer.account.id === accountId) || holds(viewer, 'admin')
}

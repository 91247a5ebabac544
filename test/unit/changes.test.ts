/** What each operation counts as, in the bound on changes. */
import { expect, it } from 'vitest'
import type { OperationName } from '../../src/domain/access/operationTable.ts'
import { changeOf } from '../../src/domain/guards/changes.ts'

const EXPECTED: Readonly<Record<OperationName, 'own' | 'ends' | 'password' | 'others' | null>> = {
  me: null,
  node: null,
  service: null,
  user: null,
  users: null,
  auditEvents: null,
  dialectUses: null,
  signUp: null,
  signIn: null,
  verifyTwoFactor: null,
  refreshSession: null,
  signOut: null,
  requestPasswordReset: null,
  resetPassword: null,
  confirmEmail: null,
  checkMailToken: null,
  disownEmail: null,
  undoAccountChange: null,
  signOutEverywhere: 'ends',
  endSession: 'ends',
  endOtherSessions: 'ends',
  createPersonalAccessToken: 'own',
  revokePersonalAccessToken: 'ends',
  reauthenticate: 'own',
  changePassword: 'password',
  deleteAccount: 'own',
  changeEmail: 'own',
  requestEmailVerification: 'own',
  updateProfile: 'own',
  beginTwoFactorEnrollment: 'own',
  confirmTwoFactorEnrollment: 'own',
  disableTwoFactor: 'own',
  regenerateRecoveryCodes: 'own',
  endUserSessions: 'others',
  createUser: 'others',
  deleteUser: 'others',
  setLoginEnabled: 'others',
  setAdmin: 'others',
  setScopes: 'others',
  resetTwoFactor: 'others',
  rotateSigningKey: 'others',
  webhooks: null,
  webhookDeliveries: null,
  createWebhook: 'others',
  updateWebhook: 'others',
  deleteWebhook: 'others',
  rotateWebhookSecret: 'others',
  redeliverWebhook: 'others',
}

it.each(Object.entries(EXPECTED))('%s: %s', (name, kind) => {
  expect(changeOf(name as OperationName)).toBe(kind)
})

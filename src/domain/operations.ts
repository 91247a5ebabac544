/**
 * Every operation by name, with its access check before it and its failures recorded. Surfaces can change the user base only
 * through these. Data read along with an account (sessions, pending addresses) is guarded at the schema's fields.
 */
import { isNotFound } from '../db/databaseErrors.ts'
import { inSpan } from '../tracing/spans.ts'
import { failuresOf, type OperationName } from './access/operationTable.ts'
import { findUserFor } from './accounts/findAccounts.ts'
import { findUsers, type UserPage } from './accounts/findUsers.ts'
import { updateProfile } from './accounts/updateProfile.ts'
import { deleteUser, resetTwoFactor, setAdmin, setLoginEnabled, setScopes } from './administration/administer.ts'
import { deleteAccount } from './administration/deleteAccount.ts'
import { rotateSigningKey } from './administration/rotateSigningKey.ts'
import { type AuditPage, findAuditEvents } from './auditLog/findEvents.ts'
import { type ErrorCode, Failure } from './base/errors.ts'
import type { FilteredPage, PageWindow } from './base/pageWindow.ts'
import { type DialectUseDay, type DialectUseGrouping, dialectUseDays } from './dialectUses/dialectUseDays.ts'
import { type DialectUsePage, findDialectUses } from './dialectUses/findDialectUses.ts'
import type { DialectUseFilter } from './dialectUses/useFilter.ts'
import { changeEmail } from './emails/changeEmail.ts'
import { confirmEmail } from './emails/confirmEmail.ts'
import { requestEmailVerification } from './emails/verifyEmail.ts'
import type { Caller } from './frame/caller.ts'
import type { Domain } from './frame/domain.ts'
import type { ServedDialect } from './frame/servedDialect.ts'
import { askedOf, authorize } from './guards/authorize.ts'
import { counted } from './guards/changes.ts'
import { recordFailure } from './guards/failures.ts'
import { findWaitingMails, type WaitingMail } from './outbox/waiting.ts'
import { changePassword } from './passwords/changePassword.ts'
import { createPersonalAccessToken } from './personalTokens/createPersonalToken.ts'
import { revokePersonalAccessToken } from './personalTokens/revoke.ts'
import { checkMailToken } from './recovery/checkMailToken.ts'
import { disownEmail } from './recovery/disownEmail.ts'
import { requestPasswordReset, resetPassword } from './recovery/resetPassword.ts'
import { undoAccountChange } from './recovery/undoAccountChange.ts'
import { type ListedKey, listedKeys } from './server/listedKeys.ts'
import { type ServerStatus, serverStatus } from './server/serverStatus.ts'
import { type Service, serviceOf } from './server/service.ts'
import { endOtherSessions, endSession, endUserSessions } from './sessions/endSession.ts'
import { refreshSession } from './sessions/refresh.ts'
import { signOut, signOutEverywhere } from './sessions/signOut.ts'
import { inviteUser } from './signIn/inviteUser.ts'
import { reauthenticate } from './signIn/reauthenticate.ts'
import { signIn } from './signIn/signIn.ts'
import { createUser, signUp } from './signIn/signUp.ts'
import { verifyTwoFactor } from './signIn/verifyTwoFactor.ts'
import { beginTwoFactorEnrollment } from './twoFactor/beginEnrollment.ts'
import { confirmTwoFactorEnrollment } from './twoFactor/confirmEnrollment.ts'
import { disableTwoFactor } from './twoFactor/disable.ts'
import { regenerateRecoveryCodes } from './twoFactor/regenerate.ts'
import { createWebhook, deleteWebhook, rotateWebhookSecret, updateWebhook } from './webhooks/changeWebhooks.ts'
import { type Delivery, type DeliveryFilter, findDeliveries, findWebhooks, type Webhook } from './webhooks/findWebhooks.ts'
import { redeliverWebhook } from './webhooks/redeliver.ts'

type Work<Input extends unknown[], Result> = (domain: Domain, caller: Caller, ...input: Input) => Promise<Result>

const guarded =
  <Input extends unknown[], Result>(domain: Domain, name: OperationName, work: Work<Input, Result>) =>
  async (caller: Caller, ...input: Input): Promise<Result> =>
    await inSpan({ name: `operation ${name}`, attributes: { 'vestibule.operation': name } }, async () => {
      await authorize(domain, caller, askedOf(name))
      const mayFailWith = new Set<ErrorCode>([...failuresOf(name), 'UNAUTHENTICATED', 'SERVICE_UNAVAILABLE'])
      try {
        return await counted(domain, caller, name, async () => await work(domain, caller, ...input))
      } catch (error) {
        const failure = isNotFound(error) ? new Failure('NOT_FOUND') : error
        if (failure instanceof Failure) {
          if (!mayFailWith.has(failure.code))
            domain.log.error({ operation: name, code: failure.code }, 'an operation failed with a code that its row does not list')
          await recordFailure(domain, caller, askedOf(name), failure)
        }
        throw failure
      }
    })

export const createOperations = (domain: Domain) => ({
  service: guarded(domain, 'service', async (): Promise<Service> => serviceOf(domain)),
  user: guarded(domain, 'user', findUserFor),
  users: guarded(domain, 'users', async (_domain, _caller, page: UserPage) => await findUsers(domain, page)),
  auditEvents: guarded(domain, 'auditEvents', async (_domain, _caller, page: AuditPage) => await findAuditEvents(domain, page)),
  dialects: guarded(domain, 'dialects', async (): Promise<readonly ServedDialect[]> => domain.dialects),
  dialectUses: guarded(domain, 'dialectUses', async (_domain, _caller, page: DialectUsePage) => await findDialectUses(domain, page)),
  dialectUseDays: guarded(
    domain,
    'dialectUseDays',
    async (_domain, _caller, filter: DialectUseFilter, by: DialectUseGrouping): Promise<DialectUseDay[]> =>
      await dialectUseDays(domain, filter, by),
  ),
  signUp: guarded(domain, 'signUp', signUp),
  signIn: guarded(domain, 'signIn', signIn),
  verifyTwoFactor: guarded(domain, 'verifyTwoFactor', verifyTwoFactor),
  refreshSession: guarded(domain, 'refreshSession', refreshSession),
  signOut: guarded(domain, 'signOut', signOut),
  signOutEverywhere: guarded(domain, 'signOutEverywhere', signOutEverywhere),
  endSession: guarded(domain, 'endSession', endSession),
  endOtherSessions: guarded(domain, 'endOtherSessions', endOtherSessions),
  endUserSessions: guarded(domain, 'endUserSessions', endUserSessions),
  createPersonalAccessToken: guarded(domain, 'createPersonalAccessToken', createPersonalAccessToken),
  revokePersonalAccessToken: guarded(domain, 'revokePersonalAccessToken', revokePersonalAccessToken),
  reauthenticate: guarded(domain, 'reauthenticate', reauthenticate),
  changePassword: guarded(domain, 'changePassword', changePassword),
  deleteAccount: guarded(domain, 'deleteAccount', deleteAccount),
  requestPasswordReset: guarded(domain, 'requestPasswordReset', requestPasswordReset),
  resetPassword: guarded(domain, 'resetPassword', resetPassword),
  changeEmail: guarded(domain, 'changeEmail', changeEmail),
  confirmEmail: guarded(domain, 'confirmEmail', confirmEmail),
  requestEmailVerification: guarded(domain, 'requestEmailVerification', requestEmailVerification),
  checkMailToken: guarded(domain, 'checkMailToken', checkMailToken),
  disownEmail: guarded(domain, 'disownEmail', disownEmail),
  undoAccountChange: guarded(domain, 'undoAccountChange', undoAccountChange),
  updateProfile: guarded(domain, 'updateProfile', updateProfile),
  beginTwoFactorEnrollment: guarded(domain, 'beginTwoFactorEnrollment', beginTwoFactorEnrollment),
  confirmTwoFactorEnrollment: guarded(domain, 'confirmTwoFactorEnrollment', confirmTwoFactorEnrollment),
  disableTwoFactor: guarded(domain, 'disableTwoFactor', disableTwoFactor),
  regenerateRecoveryCodes: guarded(domain, 'regenerateRecoveryCodes', regenerateRecoveryCodes),
  createUser: guarded(domain, 'createUser', createUser),
  inviteUser: guarded(domain, 'inviteUser', inviteUser),
  deleteUser: guarded(domain, 'deleteUser', deleteUser),
  setLoginEnabled: guarded(domain, 'setLoginEnabled', setLoginEnabled),
  setAdmin: guarded(domain, 'setAdmin', setAdmin),
  setScopes: guarded(domain, 'setScopes', setScopes),
  resetTwoFactor: guarded(domain, 'resetTwoFactor', resetTwoFactor),
  rotateSigningKey: guarded(domain, 'rotateSigningKey', rotateSigningKey),
  signingKeys: guarded(domain, 'signingKeys', async (): Promise<ListedKey[]> => await listedKeys(domain)),
  waitingMails: guarded(
    domain,
    'waitingMails',
    async (_domain, _caller, page: PageWindow): Promise<WaitingMail[]> => await findWaitingMails(domain, page),
  ),
  serverStatus: guarded(domain, 'serverStatus', async (): Promise<ServerStatus> => await serverStatus(domain)),
  webhooks: guarded(domain, 'webhooks', async (_domain, _caller, page: PageWindow): Promise<Webhook[]> => await findWebhooks(domain, page)),
  webhookDeliveries: guarded(
    domain,
    'webhookDeliveries',
    async (_domain, _caller, page: FilteredPage<DeliveryFilter>): Promise<Delivery[]> => await findDeliveries(domain, page),
  ),
  createWebhook: guarded(domain, 'createWebhook', createWebhook),
  updateWebhook: guarded(domain, 'updateWebhook', updateWebhook),
  deleteWebhook: guarded(domain, 'deleteWebhook', deleteWebhook),
  rotateWebhookSecret: guarded(domain, 'rotateWebhookSecret', rotateWebhookSecret),
  redeliverWebhook: guarded(domain, 'redeliverWebhook', redeliverWebhook),
})

export type Operations = ReturnType<typeof createOperations>

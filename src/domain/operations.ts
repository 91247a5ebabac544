/**
 * Every operation of Vestibule, by name, with its access rule in front and its failures written down. This is all that a
 * surface can do to the user base; what is read along with an account (its sessions, its pending addresses) is guarded at the field of the schema.
 */
import { isNotFound } from '../db/errors.ts'
import type { OperationName } from './access.ts'
import { deleteUser, resetTwoFactor, setAdmin, setLoginEnabled, setScopes } from './accounts/administer.ts'
import { findUserFor, findUsers, type UserPage } from './accounts/find.ts'
import { createUser, signUp } from './accounts/signUp.ts'
import { updateProfile } from './accounts/updateProfile.ts'
import { askedOf, authorize, recordFailure } from './auditLog/failures.ts'
import { type AuditPage, findAuditEvents } from './auditLog/find.ts'
import type { Caller } from './caller.ts'
import { counted } from './changes.ts'
import type { Domain } from './domain.ts'
import { changeEmail } from './emails/change.ts'
import { checkMailToken } from './emails/checkToken.ts'
import { confirmEmail } from './emails/confirm.ts'
import { disownEmail } from './emails/disown.ts'
import { requestEmailVerification } from './emails/verify.ts'
import { Failure } from './errors.ts'
import { rotateSigningKey } from './keys/rotate.ts'
import { changePassword } from './passwords/change.ts'
import { requestPasswordReset, resetPassword } from './passwords/reset.ts'
import { createPersonalAccessToken } from './personalTokens/create.ts'
import { revokePersonalAccessToken } from './personalTokens/revoke.ts'
import { endOtherSessions, endSession, endUserSessions } from './sessions/endSession.ts'
import { reauthenticate } from './sessions/reauthenticate.ts'
import { refreshSession } from './sessions/refresh.ts'
import { signIn } from './sessions/signIn.ts'
import { signOut, signOutEverywhere } from './sessions/signOut.ts'
import { verifyTwoFactor } from './sessions/verifyTwoFactor.ts'
import { confirmTwoFactorEnrollment } from './twoFactor/confirm.ts'
import { disableTwoFactor } from './twoFactor/disable.ts'
import { beginTwoFactorEnrollment } from './twoFactor/enroll.ts'
import { regenerateRecoveryCodes } from './twoFactor/regenerate.ts'
import { undoAccountChange } from './undo/undo.ts'
import { type DialectUsePage, findDialectUses } from './usage/find.ts'

type Work<Input extends unknown[], Result> = (domain: Domain, caller: Caller, ...input: Input) => Promise<Result>

const guarded =
  <Input extends unknown[], Result>(domain: Domain, name: OperationName, work: Work<Input, Result>) =>
  async (caller: Caller, ...input: Input): Promise<Result> => {
    await authorize(domain, caller, askedOf(name))
    try {
      return await counted(domain, caller, name, async () => await work(domain, caller, ...input))
    } catch (error) {
      const failure = isNotFound(error) ? new Failure('NOT_FOUND') : error
      if (failure instanceof Failure) await recordFailure(domain, caller, askedOf(name), failure)
      throw failure
    }
  }

export const createOperations = (domain: Domain) => ({
  user: guarded(domain, 'user', findUserFor),
  users: guarded(domain, 'users', async (_domain, _caller, page: UserPage) => await findUsers(domain, page)),
  auditEvents: guarded(domain, 'auditEvents', async (_domain, _caller, page: AuditPage) => await findAuditEvents(domain, page)),
  dialectUses: guarded(domain, 'dialectUses', async (_domain, _caller, page: DialectUsePage) => await findDialectUses(domain, page)),
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
  deleteUser: guarded(domain, 'deleteUser', deleteUser),
  setLoginEnabled: guarded(domain, 'setLoginEnabled', setLoginEnabled),
  setAdmin: guarded(domain, 'setAdmin', setAdmin),
  setScopes: guarded(domain, 'setScopes', setScopes),
  resetTwoFactor: guarded(domain, 'resetTwoFactor', resetTwoFactor),
  rotateSigningKey: guarded(domain, 'rotateSigningKey', rotateSigningKey),
})

export type Operations = ReturnType<typeof createOperations>

/**
 * Every operation of Vestibule, by name, with its access rule in front. This is all that a surface can do to the user
 * base; what is read along with an account (its sessions, its pending addresses) is guarded at the field of the schema.
 */
import { isNotFound } from '../db/errors.ts'
import { access, type OperationName, permits, refusal } from './access.ts'
import { deleteUser, resetTwoFactor, setAdmin, setLoginEnabled, setScopes } from './accounts/administer.ts'
import { findUser, findUsers, type PageRequest } from './accounts/find.ts'
import { createUser, signUp } from './accounts/signUp.ts'
import { updateProfile } from './accounts/updateProfile.ts'
import type { Caller } from './caller.ts'
import type { Domain } from './domain.ts'
import { changeEmail } from './emails/change.ts'
import { confirmEmail } from './emails/confirm.ts'
import { requestEmailVerification } from './emails/verify.ts'
import { Failure } from './errors.ts'
import { rotateSigningKey } from './keys/rotate.ts'
import { changePassword } from './passwords/change.ts'
import { requestPasswordReset, resetPassword } from './passwords/reset.ts'
import { reauthenticate } from './sessions/reauthenticate.ts'
import { refreshSession } from './sessions/refresh.ts'
import { signIn } from './sessions/signIn.ts'
import { signOut, signOutEverywhere } from './sessions/signOut.ts'
import { verifyTwoFactor } from './sessions/verifyTwoFactor.ts'
import { disableTwoFactor } from './twoFactor/disable.ts'
import { beginTwoFactorEnrollment, confirmTwoFactorEnrollment } from './twoFactor/enroll.ts'

type Work<Input extends unknown[], Result> = (domain: Domain, caller: Caller, ...input: Input) => Promise<Result>

const guarded =
  <Input extends unknown[], Result>(domain: Domain, name: OperationName, work: Work<Input, Result>) =>
  async (caller: Caller, ...input: Input): Promise<Result> => {
    if (!permits(caller, access[name])) throw refusal(caller, access[name])
    try {
      return await work(domain, caller, ...input)
    } catch (error) {
      if (isNotFound(error)) throw new Failure('NOT_FOUND')
      throw error
    }
  }

export const createOperations = (domain: Domain) => ({
  user: guarded(
    domain,
    'user',
    async (_domain, _caller, by: { id?: string | null | undefined; username?: string | null | undefined }) => await findUser(domain, by),
  ),
  users: guarded(domain, 'users', async (_domain, _caller, page: PageRequest) => await findUsers(domain, page)),
  signUp: guarded(domain, 'signUp', signUp),
  signIn: guarded(domain, 'signIn', signIn),
  verifyTwoFactor: guarded(domain, 'verifyTwoFactor', verifyTwoFactor),
  refreshSession: guarded(domain, 'refreshSession', refreshSession),
  signOut: guarded(domain, 'signOut', signOut),
  signOutEverywhere: guarded(domain, 'signOutEverywhere', signOutEverywhere),
  reauthenticate: guarded(domain, 'reauthenticate', reauthenticate),
  changePassword: guarded(domain, 'changePassword', changePassword),
  requestPasswordReset: guarded(domain, 'requestPasswordReset', requestPasswordReset),
  resetPassword: guarded(domain, 'resetPassword', resetPassword),
  changeEmail: guarded(domain, 'changeEmail', changeEmail),
  confirmEmail: guarded(domain, 'confirmEmail', confirmEmail),
  requestEmailVerification: guarded(domain, 'requestEmailVerification', requestEmailVerification),
  updateProfile: guarded(domain, 'updateProfile', updateProfile),
  beginTwoFactorEnrollment: guarded(domain, 'beginTwoFactorEnrollment', beginTwoFactorEnrollment),
  confirmTwoFactorEnrollment: guarded(domain, 'confirmTwoFactorEnrollment', confirmTwoFactorEnrollment),
  disableTwoFactor: guarded(domain, 'disableTwoFactor', disableTwoFactor),
  createUser: guarded(domain, 'createUser', createUser),
  deleteUser: guarded(domain, 'deleteUser', deleteUser),
  setLoginEnabled: guarded(domain, 'setLoginEnabled', setLoginEnabled),
  setAdmin: guarded(domain, 'setAdmin', setAdmin),
  setScopes: guarded(domain, 'setScopes', setScopes),
  resetTwoFactor: guarded(domain, 'resetTwoFactor', resetTwoFactor),
  rotateSigningKey: guarded(domain, 'rotateSigningKey', rotateSigningKey),
})

export type Operations = ReturnType<typeof createOperations>

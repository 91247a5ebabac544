/**
 * Changing the caller's password: the current password is the proof, all other sessions end, and a session in a cookie gets a new
 * token. It also counts as a recent check for step-up, except with a second factor, which was not checked.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { fieldFailure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import type { IssuedToken } from '../sessions/accessTokens.ts'
import { renewCookie } from '../sessions/cookies.ts'
import { endSessions } from '../sessions/end.ts'
import { isProof } from './checkPassword.ts'
import { newPassword, refusePwned } from './policy.ts'

export interface ChangePasswordInput {
  readonly oldPassword: string
  readonly newPassword: string
}

export interface ChangedPassword {
  readonly account: Account
  readonly cookieToken: IssuedToken | null
}

const wrongOldPassword = () => fieldFailure('WRONG_PASSWORD', 'oldPassword', 'Wrong password')

/** @throws {Failure} INVALID_INPUT, WRONG_PASSWORD (`oldPassword`), TOO_MANY_REQUESTS */
export async function changePassword(domain: Domain, caller: Caller, input: ChangePasswordInput): Promise<ChangedPassword> {
  const viewer = viewerOf(caller)
  const { account, session } = viewer
  const given = parse(z.object({ oldPassword: nonEmpty, newPassword: newPassword(domain, caller, account) }), input)
  if (!(await isProof(domain, caller, account, given.oldPassword))) throw wrongOldPassword()
  await refusePwned(domain, caller, 'newPassword', given.newPassword)
  const passwordHash = await domain.hasher.hash({ client: caller.clientAddress, account: account.id }, given.newPassword)
  const now = domain.clock.now()
  return await inTransaction(domain.db, async (tx) => {
    await endSessions(domain, tx, account.id, { except: session.id })
    const { credentialVersion } = await tx.user.findUniqueOrThrow({ where: { id: account.id }, select: { credentialVersion: true } })
    if (credentialVersion !== account.credentialVersion) throw wrongOldPassword()
    if (account.twoFactorSecret === null) await tx.session.updateMany({ where: { id: session.id }, data: { authenticatedAt: now } })
    await dropPending(tx, account.id)
    await record(domain, tx, caller, { type: 'password.changed', userId: account.id })
    const updated = await tx.user.update({
      where: { id: account.id },
      data: { passwordHash, mustChangePassword: false, credentialVersion: { increment: 1 }, updatedAt: now },
    })
    await notice(domain, tx, updated, 'passwordChanged')
    return { account: updated, cookieToken: await renewCookie(domain, tx, viewer) }
  })
}

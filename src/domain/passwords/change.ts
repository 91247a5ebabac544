/**
 * Changing one's own password: the current one is the proof, and every other session ends.
 */
import { z } from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../audit.ts'
import { type Caller, viewerOf } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { fieldFailure } from '../errors.ts'
import { nonEmpty, parse } from '../input.ts'
import { notice } from '../mails/notices.ts'
import type { Account } from '../sessions/authenticate.ts'
import { dropPending, endSessions } from '../sessions/end.ts'
import { passwordFits } from './check.ts'
import { newPassword } from './policy.ts'

export interface ChangePasswordInput {
  readonly oldPassword: string
  readonly newPassword: string
}

const wrongOldPassword = () => fieldFailure('WRONG_PASSWORD', 'oldPassword', 'Wrong password')

/** @throws {Failure} INVALID_INPUT, WRONG_PASSWORD (`oldPassword`), TOO_MANY_REQUESTS */
export async function changePassword(domain: Domain, caller: Caller, input: ChangePasswordInput): Promise<Account> {
  const { account, session } = viewerOf(caller)
  const given = parse(z.object({ oldPassword: nonEmpty, newPassword: newPassword(domain, caller) }), input)
  if (!(await passwordFits(domain, caller, account, given.oldPassword))) throw wrongOldPassword()
  const passwordHash = await domain.hasher.hash(given.newPassword)
  const now = domain.clock.now()
  return await inTransaction(domain.db, async (tx) => {
    await endSessions(domain, tx, account.id, { except: session.id })
    const { credentialVersion } = await tx.user.findUniqueOrThrow({ where: { id: account.id }, select: { credentialVersion: true } })
    if (credentialVersion !== account.credentialVersion) throw wrongOldPassword()
    await tx.session.updateMany({ where: { id: session.id }, data: { authenticatedAt: now } })
    await dropPending(tx, account.id)
    await record(domain, tx, caller, { type: 'password.changed', userId: account.id })
    const updated = await tx.user.update({
      where: { id: account.id },
      data: { passwordHash, mustChangePassword: false, credentialVersion: { increment: 1 }, updatedAt: now },
    })
    await notice(domain, tx, updated, 'passwordChanged')
    return updated
  })
}

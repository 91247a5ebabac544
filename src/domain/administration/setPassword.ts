/**
 * An operator sets the password of an account, for example because mails do not work. The owner must change it after the next sign-in, unless
 * the operator says otherwise, and gets a mail.
 */
import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { newPassword, refusePwned } from '../passwords/policy.ts'
import { forgetAllFailures } from '../passwords/tries.ts'
import { endSessions } from '../sessions/end.ts'

export interface SetPasswordInput {
  readonly id: string
  readonly password: string
  readonly mustChange: boolean
}

/** Ends all sessions, and resets the counts of wrong passwords. @throws {Failure} NOT_FOUND, INVALID_INPUT, OVERLOADED */
export async function setPassword(domain: Domain, caller: Caller, { id, password, mustChange }: SetPasswordInput): Promise<Account> {
  const account = await domain.db.user.findUnique({ where: { id } })
  if (account === null) throw new Failure('NOT_FOUND')
  parse(z.object({ password: newPassword(domain, caller, account) }), { password })
  await refusePwned(domain, caller, 'password', password)
  const passwordHash = await domain.hasher.hash({ client: caller.clientAddress, account: id }, password)
  return await inTransaction(domain.db, async (tx) => {
    const ended = await endSessions(domain, tx, id)
    await forgetAllFailures(tx, id)
    await dropPending(tx, id)
    await record(domain, tx, caller, { type: 'password.set', userId: id, details: { ended } })
    const data = { passwordHash, mustChangePassword: mustChange, credentialVersion: { increment: 1 }, updatedAt: domain.clock.now() }
    const updated = await tx.user.update({ where: { id }, data })
    await notice(domain, tx, updated, 'passwordChanged')
    return updated
  })
}

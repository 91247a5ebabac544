/**
 * Owners delete their accounts. A proof is needed with each call, however recent the last check of the session is: nothing brings
 * a deleted account back. The owner gets a mail.
 */
import { inTransaction } from '../../db/transaction.ts'
import { lockAdmins } from '../accounts/firstAccount.ts'
import { lockAccount } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure, failingFor } from '../base/errors.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { checkOwner, type OwnerProof } from '../twoFactor/ownerProof.ts'
import { remove } from './administer.ts'

const hasEnded = async (tx: Tx, sessionId: string): Promise<boolean> =>
  (await tx.session.count({ where: { id: sessionId, endedAt: null } })) === 0

/**
 * Deletes the caller's account and all its data, under the lock for administrators; returns its id.
 * @throws {Failure} INVALID_INPUT, WRONG_PASSWORD, WRONG_CODE, LAST_ADMIN, TOO_MANY_REQUESTS, OVERLOADED, UNAUTHENTICATED if the
 * session has ended meanwhile, REAUTHENTICATION_REQUIRED if password or second factor have changed meanwhile
 */
export async function deleteAccount(domain: Domain, caller: Caller, proof: OwnerProof): Promise<string> {
  const { account: seen, session } = viewerOf(caller)
  await checkOwner(domain, caller, seen, proof)
  return await inTransaction(domain.db, async (tx) => {
    await lockAdmins(tx)
    const account = await lockAccount(tx, seen.id)
    if (account === null || (await hasEnded(tx, session.id))) throw new Failure('UNAUTHENTICATED', { isTokenDead: true })
    if (account.credentialVersion !== seen.credentialVersion) throw new Failure('REAUTHENTICATION_REQUIRED')
    await notice(domain, tx, account, 'accountDeleted')
    await remove(tx, account)
    await record(domain, tx, caller, { type: 'account.deleted', userId: account.id })
    return account.id
  }).catch(failingFor(seen.id))
}

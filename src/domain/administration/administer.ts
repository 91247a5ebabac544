/**
 * Administration of other accounts: delete, enable and disable sign-in, make and unmake administrators, set scopes. All of it runs
 * under the lock for administrators, so that even parallel requests cannot remove the last enabled one.
 */
import { inTransaction } from '../../db/transaction.ts'
import { scopeList } from '../accounts/accountScopes.ts'
import { keepAnAdmin, lockAdmins } from '../accounts/firstAccount.ts'
import { lockRow } from '../accounts/lock.ts'
import { dropPending } from '../accounts/pending.ts'
import { type NewAuditEvent, record } from '../auditLog/events.ts'
import { Failure, failingFor } from '../base/errors.ts'
import { byId, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Viewer } from '../frame/caller.ts'
import { type Caller, viewerOf } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { notice } from '../mails/notices.ts'
import { forgetAllFailures } from '../passwords/tries.ts'
import { endSessions } from '../sessions/end.ts'
import { turnOff } from '../twoFactor/turnOff.ts'

const target = async (tx: Tx, id: string): Promise<Account> => {
  const account = await tx.user.findUnique({ where: { id } })
  if (account === null) throw new Failure('NOT_FOUND')
  return account
}

type Deed = NewAuditEvent extends infer Event ? (Event extends NewAuditEvent ? Omit<Event, 'userId' | 'actorId'> : never) : never

/** Runs `change` on an account under the lock for administrators, and records the event. @throws {Failure} NOT_FOUND, INVALID_INPUT */
const administer = async (
  domain: Domain,
  caller: Caller,
  id: string,
  deed: Deed,
  change: (tx: Tx, account: Account, viewer: Viewer) => Promise<Account>,
): Promise<Account> => {
  const viewer = viewerOf(caller)
  parse(byId, { id })
  return await inTransaction(domain.db, async (tx) => {
    await lockAdmins(tx)
    const changed = await change(tx, await target(tx, id), viewer)
    await record(domain, tx, caller, { ...deed, userId: id })
    return changed
  }).catch(failingFor(id))
}

const isEnabledAdmin = (account: Account) => account.isAdmin && !account.loginDisabled

/** Deletes an account and all its data. Take the lock for administrators first. @throws {Failure} LAST_ADMIN */
export const remove = async (tx: Tx, account: Account): Promise<Account> => {
  if (isEnabledAdmin(account)) await keepAnAdmin(tx, account.id)
  return await tx.user.delete({ where: { id: account.id } })
}

/**
 * Deletes an account and all its data. @throws {Failure} NOT_FOUND, FORBIDDEN (for an administrator's account, unless by an
 * administrator), LAST_ADMIN
 */
export const deleteUser = async (domain: Domain, caller: Caller, { id }: { id: string }): Promise<Account> =>
  await administer(domain, caller, id, { type: 'account.deleted' }, async (tx, account, viewer) => {
    if (account.isAdmin && !viewer.rights.isAdmin) throw new Failure('FORBIDDEN')
    return await remove(tx, account)
  })

const disable = async (domain: Domain, tx: Tx, account: Account, viewer: Viewer): Promise<void> => {
  if (account.id === viewer.account.id) throw new Failure('OWN_ACCOUNT')
  if (isEnabledAdmin(account)) await keepAnAdmin(tx, account.id)
  await endSessions(domain, tx, account.id)
  await dropPending(tx, account.id)
}

/**
 * Enables or disables sign-in. Enabling also resets the count of wrong passwords; disabling ends sessions and pending codes at
 * once. A sign-in under way comes to nothing, unless the account was enabled before and stays it.
 * @throws {Failure} NOT_FOUND, OWN_ACCOUNT, LAST_ADMIN
 */
export const setLoginEnabled = async (
  domain: Domain,
  caller: Caller,
  { id, enabled }: { id: string; enabled: boolean },
): Promise<Account> =>
  await administer(
    domain,
    caller,
    id,
    { type: enabled ? 'account.login_enabled' : 'account.login_disabled' },
    async (tx, account, viewer) => {
      if (enabled) await forgetAllFailures(tx, id)
      else await disable(domain, tx, account, viewer)
      const credentials = enabled && !account.loginDisabled ? {} : { credentialVersion: { increment: 1 } }
      return await tx.user.update({
        where: { id },
        data: { loginDisabled: !enabled, ...credentials, updatedAt: domain.clock.now() },
      })
    },
  )

/**
 * Turns off the second factor of another account whose owner lost it, and notifies the owner. For the caller's own account there is
 * `disableTwoFactor`, which needs a proof.
 * @throws {Failure} NOT_FOUND, OWN_ACCOUNT, TWO_FACTOR_NOT_ENABLED
 */
export const resetTwoFactor = async (domain: Domain, caller: Caller, { id }: { id: string }): Promise<Account> =>
  await administer(domain, caller, id, { type: 'two_factor.disabled', details: { ended: 0 } }, async (tx, found, viewer) => {
    if (found.id === viewer.account.id) throw new Failure('OWN_ACCOUNT')
    await lockRow(tx, id)
    if ((await target(tx, id)).twoFactorSecret === null) throw new Failure('TWO_FACTOR_NOT_ENABLED')
    await notice(domain, tx, found, 'twoFactorDisabled')
    return await turnOff(domain, tx, id)
  })

/** Makes an account an administrator, or takes that away. @throws {Failure} NOT_FOUND, LAST_ADMIN */
export const setAdmin = async (domain: Domain, caller: Caller, { id, isAdmin }: { id: string; isAdmin: boolean }): Promise<Account> =>
  await administer(domain, caller, id, { type: isAdmin ? 'account.admin_granted' : 'account.admin_revoked' }, async (tx, account) => {
    if (!isAdmin && isEnabledAdmin(account)) await keepAnAdmin(tx, id)
    return await tx.user.update({ where: { id }, data: { isAdmin, updatedAt: domain.clock.now() } })
  })

/**
 * Replaces the scopes of an account. @throws {Failure} NOT_FOUND, INVALID_INPUT, FORBIDDEN for a scope that the caller does not
 * hold
 */
export const setScopes = async (
  domain: Domain,
  caller: Caller,
  { id, scopes }: { id: string; scopes: readonly string[] },
): Promise<Account> => {
  const given = scopeList(viewerOf(caller), scopes)
  const deed = { type: 'account.scopes_set', details: { scopes: given.join(' ') } } as const
  const data = { scopes: given, updatedAt: domain.clock.now() }
  return await administer(domain, caller, id, deed, async (tx) => await tx.user.update({ where: { id }, data }))
}

/**
 * Opens a session after a successful sign-in, in one transaction that locks the account's row. If password, e-mail, factor or login
 * state changed since the check began, it fails. The lock also makes the limit on live sessions exact.
 */
import { inTransaction, repeatedly } from '../../db/transaction.ts'
import { inSpan } from '../../tracing/spans.ts'
import { lockAccount } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { endReplaced } from './cookies.ts'
import { noteDevice } from './devices.ts'
import { evict } from './evict.ts'
import { makeSession, type NewSession, type Opening } from './makeSession.ts'
import { writeFirst, writeUsual } from './writeSession.ts'

export interface SignedIn extends Omit<NewSession, 'tokens'> {
  readonly account: Account
}

/** Locks the account's row and returns it as it is now. */
const lockSeen = async (tx: Tx, seen: Account): Promise<Account> => {
  const account = await lockAccount(tx, seen.id)
  if (account === null || account.credentialVersion !== seen.credentialVersion) throw new Failure('BAD_CREDENTIALS').about(seen.id)
  if (account.loginDisabled) throw new Failure('ACCOUNT_DISABLED').about(seen.id)
  return account
}

const writeRows = async (tx: Tx, { session, tokens }: NewSession): Promise<void> => {
  await tx.session.createMany({ data: [{ ...session, refreshRotations: {} }] })
  if (tokens.length > 0) await tx.opaqueToken.createMany({ data: [...tokens] })
}

/**
 * Writes any sign-in, and records it: ends what it replaces or what is too much, and notifies the owner of a new device. The actor
 * is the account that signed in, whatever session the request had.
 */
const write = async (domain: Domain, tx: Tx, caller: Caller, seen: Account, made: NewSession): Promise<Account> => {
  const account = await lockSeen(tx, seen)
  const { session } = made
  if (made.cookieToken !== null) await endReplaced(domain, tx, caller)
  await writeRows(tx, made)
  await evict(domain, tx, caller, session)
  const newDevice = await noteDevice(domain, tx, caller, account)
  const details = { sessionId: session.id, twoFactor: account.twoFactorSecret !== null, newDevice }
  await record(domain, tx, caller, { type: 'session.signed_in', userId: account.id, actorId: account.id, details })
  return account
}

/** Whether the request's cookie session ends with this sign-in. */
const replaces = ({ viewer }: Caller, { cookieToken }: NewSession): boolean =>
  cookieToken !== null && viewer !== null && viewer.cookie !== null

/**
 * Opens a session for the account that was checked as `seen`, and records it: one statement for the usual sign-in, otherwise a
 * transaction.
 * @throws {Failure} BAD_CREDENTIALS if the account's credentials changed since, ACCOUNT_DISABLED
 */
export async function openSession(domain: Domain, caller: Caller, seen: Account, opening: Opening = {}): Promise<SignedIn> {
  return await inSpan('open session', async () => {
    const { tokens, ...given } = makeSession(domain, caller, seen.id, opening)
    const made = { tokens, ...given }
    const isUsual = !replaces(caller, made) && (await repeatedly(async () => await writeUsual(domain, caller, seen, made)))
    if (isUsual) return { account: seen, ...given }
    const account = await inTransaction(domain.db, async (tx) => await write(domain, tx, caller, seen, made))
    return { account, ...given }
  })
}

/** Opens the first session of an account that `tx` created, and records it. */
export async function openFirst(domain: Domain, tx: Tx, caller: Caller, account: Account, opening: Opening): Promise<SignedIn> {
  const { tokens, ...given } = makeSession(domain, caller, account.id, opening)
  const made = { tokens, ...given }
  if (replaces(caller, made)) await endReplaced(domain, tx, caller)
  await writeFirst(domain, tx, caller, account, made)
  return { account, ...given }
}

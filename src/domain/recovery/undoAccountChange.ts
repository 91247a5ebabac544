/**
 * Undoes a change that took effect at once, by the link of the mail about it. The account returns to its state before the change,
 * all later sessions end, and the owner chooses a new password, because a thief may have set the present one. Of several links the
 * earliest wins: an undo invalidates those of later changes, but not of earlier ones.
 */
import * as z from 'zod'
import type { AccountUndo } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { NO_HOLD } from '../accounts/hold.ts'
import { emailTaken, release, searchedOf, take, usernameWith } from '../accounts/identifiers.ts'
import { lockRow } from '../accounts/lock.ts'
import { dropPending } from '../accounts/pending.ts'
import { record } from '../auditLog/events.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { asNobody } from '../frame/rules.ts'
import { SecretBoxError } from '../keys/secretBox.ts'
import { notice } from '../mails/notices.ts'
import { newPassword, refusePwned } from '../passwords/policy.ts'
import { hashMailToken } from '../secrets/mailToken.ts'
import { endSessions } from '../sessions/end.ts'
import { openTotpSecret, sealTotpSecret } from '../twoFactor/totp.ts'
import { type KeptCode, reserveForUndo } from '../undo/offer.ts'

/** The live snapshot of a token. @throws {Failure} INVALID_MAIL_TOKEN */
export const findUndo = async (domain: Domain, token: string): Promise<AccountUndo> => {
  const row = await domain.db.accountUndo.findUnique({ where: { hash: hashMailToken(token) } })
  if (row === null || row.expiresAt <= domain.clock.now()) throw new Failure('INVALID_MAIL_TOKEN')
  return row
}

/** The account of a snapshot. @throws {Failure} INVALID_MAIL_TOKEN while its sign-in is disabled */
export const ownerOfUndo = async (tx: Tx, { userId }: AccountUndo): Promise<Account> => {
  const account = await tx.user.findUnique({ where: { id: userId } })
  if (account === null || account.loginDisabled) throw new Failure('INVALID_MAIL_TOKEN')
  return account
}

const codesOf = ({ recoveryCodes }: Pick<AccountUndo, 'recoveryCodes'>): readonly KeptCode[] =>
  recoveryCodes as unknown as readonly KeptCode[]

/** Restores the recovery codes of a snapshot; one that was used since, in the account or in a later snapshot, stays used. */
const restoreCodes = async (tx: Tx, row: AccountUndo, later: readonly AccountUndo[]): Promise<void> => {
  const { userId } = row
  const current = await tx.recoveryCode.findMany({ where: { userId, usedAt: { not: null } } })
  const used = new Map([
    ...later.flatMap(codesOf).flatMap(({ hash, usedAt }) => (usedAt === null ? [] : [[hash, new Date(usedAt)] as const])),
    ...current.flatMap(({ hash, usedAt }) => (usedAt === null ? [] : [[hash, usedAt] as const])),
  ])
  await tx.recoveryCode.deleteMany({ where: { userId } })
  const rows = codesOf(row).map(({ selector, hash, usedAt, sealedKey = null }) => ({
    userId,
    selector,
    hash,
    sealedKey,
    usedAt: usedAt === null ? (used.get(hash) ?? null) : new Date(usedAt),
  }))
  await tx.recoveryCode.createMany({ data: rows })
}

/** Uses up a snapshot and those of later changes, which are returned. @throws {Failure} INVALID_MAIL_TOKEN */
const spend = async (tx: Tx, { hash, userId, seq }: AccountUndo): Promise<AccountUndo[]> => {
  const later = await tx.accountUndo.findMany({ where: { userId, seq: { gt: seq } } })
  const { count } = await tx.accountUndo.deleteMany({ where: { hash } })
  if (count === 0) throw new Failure('INVALID_MAIL_TOKEN')
  await tx.accountUndo.deleteMany({ where: { userId, seq: { gt: seq } } })
  return later
}

/** Takes the account's previous address back, and frees the later ones. @throws {Failure} EMAIL_TAKEN */
const restoreAddress = async (domain: Domain, tx: Tx, account: Account, address: string): Promise<void> => {
  if (!(await take(domain, tx, address, account.id))) throw emailTaken()
  const username = usernameWith(account, address)
  await reserveForUndo(domain, tx, { ...account, ...NO_HOLD, username, email: address })
  await release(tx, account.id, [username, address])
}

/** Ends everything that was opened, requested or remembered since. Returns how many sessions ended. */
const endAll = async (domain: Domain, tx: Tx, { userId, createdAt }: AccountUndo): Promise<number> => {
  const ended = await endSessions(domain, tx, userId)
  await dropPending(tx, userId)
  await tx.mailToken.deleteMany({ where: { userId } })
  await tx.knownDevice.deleteMany({ where: { userId, firstSeenAt: { gte: createdAt } } })
  await tx.knownClient.deleteMany({ where: { userId, firstSeenAt: { gte: createdAt } } })
  return ended
}

/** Encrypted again, so that no value stays under an old key after a rotation; one that no key opens stays as it is. */
const restoreSecret = (domain: Domain, { userId, twoFactorSecret }: AccountUndo): string | null => {
  if (twoFactorSecret === null) return null
  try {
    return sealTotpSecret(domain, userId, openTotpSecret(domain, userId, twoFactorSecret))
  } catch (error) {
    if (error instanceof SecretBoxError) return twoFactorSecret
    throw error
  }
}

const newest = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.max(one, other)

/** The previous row with a new password. A time step of the authenticator that was accepted once is not accepted again. */
const restoreRow = async (domain: Domain, tx: Tx, account: Account, row: AccountUndo, passwordHash: string): Promise<Account> => {
  const identifiers = { email: row.address, username: usernameWith(account, row.address) }
  return await tx.user.update({
    where: { id: account.id },
    data: {
      ...identifiers,
      ...searchedOf(identifiers),
      emailVerifiedAt: row.verifiedAt,
      ...NO_HOLD,
      twoFactorSecret: restoreSecret(domain, row),
      twoFactorPending: null,
      twoFactorLastStep: newest(row.twoFactorLastStep, account.twoFactorLastStep),
      twoFactorFailures: 0,
      twoFactorBlockedUntil: null,
      passwordHash,
      mustChangePassword: false,
      credentialVersion: { increment: 1 },
      updatedAt: domain.clock.now(),
    },
  })
}

/**
 * Undoes the change that a mail was about. If the password breaks a rule, the token stays valid.
 * @throws {Failure} INVALID_INPUT, INVALID_MAIL_TOKEN, EMAIL_TAKEN, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function undoAccountChange(domain: Domain, caller: Caller, input: { token: string; newPassword: string }): Promise<void> {
  const nobody = asNobody(caller)
  const given = parse(z.object({ token: nonEmpty, newPassword: newPassword(domain, nobody) }), input)
  await domain.limits.attempt(caller.clientAddress)
  const row = await findUndo(domain, given.token)
  const owner = { ...(await ownerOfUndo(domain.db, row)), email: row.address }
  parse(z.object({ newPassword: newPassword(domain, nobody, owner) }), given)
  await refusePwned(domain, nobody, 'newPassword', given.newPassword)
  const passwordHash = await domain.hasher.hash({ client: caller.clientAddress, account: row.userId }, given.newPassword)
  await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, row.userId)
    const account = await ownerOfUndo(tx, row)
    await restoreCodes(tx, row, await spend(tx, row))
    await restoreAddress(domain, tx, account, row.address)
    const ended = await endAll(domain, tx, row)
    await record(domain, tx, caller, { type: 'account.change_undone', userId: account.id, actorId: null, details: { ended } })
    await notice(domain, tx, await restoreRow(domain, tx, account, row, passwordHash), 'changeUndone')
  })
}

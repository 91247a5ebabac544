/**
 * Confirms an e-mail address, by the token of a link, which needs no session, or by the code, in a session of the account. A
 * pending address replaces the old one; the present address becomes verified, which ends no session.
 */
import * as z from 'zod'
import type { MailToken } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { isInteractive } from '../access/requirements.ts'
import { lockRow } from '../accounts/lock.ts'
import { record } from '../auditLog/events.ts'
import { Failure, failingFor, fieldFailure } from '../base/errors.ts'
import { nonEmpty, parse, text } from '../base/input.ts'
import { plainCode } from '../base/plainCode.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { findByCode, invalidCode } from '../mailTokens/codes.ts'
import { findMailToken, spendMailToken } from '../mailTokens/mailTokens.ts'
import { isMailDigits } from '../secrets/mailToken.ts'
import { moveTo } from './changeEmail.ts'

export interface ConfirmEmailInput {
  readonly token?: string | null | undefined
  /** Six digits. */
  readonly code?: string | null | undefined
}

const sixDigits = text.transform(plainCode).pipe(z.string().refine(isMailDigits, 'must be six digits'))
const schema = z.object({ token: nonEmpty.nullish(), code: sixDigits.nullish() })

const byCode = async (domain: Domain, caller: Caller, code: string): Promise<MailToken> => {
  const { viewer } = caller
  if (!isInteractive(viewer)) throw invalidCode()
  return await findByCode(domain, caller, viewer.account.id, code).catch(failingFor(viewer.account.id))
}

const verify = async (domain: Domain, tx: Tx, caller: Caller, account: Account, address: string, actorId: string | null): Promise<void> => {
  if (account.email !== address) throw new Failure('INVALID_MAIL_TOKEN')
  await tx.mailToken.deleteMany({ where: { userId: account.id, purpose: 'verify_email' } })
  await record(domain, tx, caller, { type: 'email.verified', userId: account.id, actorId })
  const now = domain.clock.now()
  await tx.user.update({ where: { id: account.id }, data: { emailVerifiedAt: now, updatedAt: now } })
}

/**
 * @returns the id of the account
 * @throws {Failure} INVALID_INPUT, INVALID_MAIL_TOKEN, EMAIL_TAKEN, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function confirmEmail(domain: Domain, caller: Caller, input: ConfirmEmailInput): Promise<string> {
  const { token, code } = parse(schema, input)
  if (token == null && code == null) throw fieldFailure('INVALID_INPUT', 'token', 'is required')
  if (token != null && code != null) throw fieldFailure('INVALID_INPUT', 'code', 'must not be given together with token')
  await domain.limits.attempt(caller.clientAddress)
  const row =
    token != null ? await findMailToken(domain, token, ['confirm_email', 'verify_email']) : await byCode(domain, caller, code ?? '')
  await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, row.userId)
    await spendMailToken(tx, row, { byCode: code != null })
    const account = await tx.user.findUnique({ where: { id: row.userId } })
    if (account === null || account.loginDisabled) throw new Failure('INVALID_MAIL_TOKEN')
    if (row.purpose === 'verify_email') await verify(domain, tx, caller, account, row.address, code == null ? null : account.id)
    else await moveTo(domain, tx, caller, account, row.address, true)
  })
  return row.userId
}

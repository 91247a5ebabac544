/**
 * The way back for a lost password: a mail to the stored address, and a new password for its token. It neither signs in
 * nor touches the second factor; it ends every session and shows that the address is the owner's.
 */
import { z } from 'zod'
import type { MailToken } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { findByEmail } from '../accounts/identifiers.ts'
import { record } from '../audit.ts'
import type { Caller } from '../caller.ts'
import { type Domain, later, type Tx } from '../domain.ts'
import { findMailToken, spendMailToken } from '../emails/mailTokens.ts'
import { Failure, fieldFailure } from '../errors.ts'
import { knownEmail, nonEmpty, parse } from '../input.ts'
import { notice } from '../mails/notices.ts'
import { enqueue } from '../outbox/queue.ts'
import { expectRoom } from '../outbox/room.ts'
import type { Account } from '../sessions/authenticate.ts'
import { dropPending, endSessions, lockRow } from '../sessions/end.ts'
import { newPassword, refusePwned } from './policy.ts'
import type { ResetRequest } from './sendReset.ts'
import { forgetAllFailures } from './tries.ts'

/**
 * Asks for a reset mail. Whether an account has the address is looked up after the answer (`sendReset.ts`), so that neither its
 * text nor its time tells; only a surface whose table says so looks at once.
 * @throws {Failure} INVALID_INPUT, EMAIL_UNKNOWN, TOO_MANY_REQUESTS, OVERLOADED
 */
export async function requestPasswordReset(domain: Domain, caller: Caller, input: { email: string }): Promise<void> {
  const { email } = parse(z.object({ email: knownEmail }), input)
  await domain.limits.attempt(caller.clientAddress)
  if (domain.surfaces[caller.surface].disclosesUnknownEmail && (await findByEmail(domain, email)) === null)
    throw fieldFailure('EMAIL_UNKNOWN', 'email', 'No account has this e-mail address')
  const { surface, clientAddress, requestId, locale } = caller
  const request: ResetRequest = { email, surface, clientAddress, requestId, locale, userAgent: caller.userAgent?.slice(0, 500) ?? null }
  await expectRoom(domain, domain.db, clientAddress)
  const expiresAt = later(domain, domain.config.RESET_TOKEN_LIFE)
  await enqueue(domain, domain.db, { kind: 'password_reset', content: request, expiresAt, clientAddress })
}

/** The account of a token, while the token's address is still its own. @throws {Failure} INVALID_MAIL_TOKEN */
const ownerOf = async (tx: Tx, { userId, address }: MailToken): Promise<Account> => {
  const account = await tx.user.findUnique({ where: { id: userId } })
  if (account === null || account.loginDisabled || account.email !== address) throw new Failure('INVALID_MAIL_TOKEN')
  return account
}

/**
 * Sets a new password for the token of a reset mail. A password that breaks a rule does not spend the token.
 * @throws {Failure} INVALID_INPUT, INVALID_MAIL_TOKEN, TOO_MANY_REQUESTS
 */
export async function resetPassword(domain: Domain, caller: Caller, input: { token: string; newPassword: string }): Promise<void> {
  const given = parse(z.object({ token: nonEmpty, newPassword: newPassword(domain, caller) }), input)
  await domain.limits.attempt(caller.clientAddress)
  const row = await findMailToken(domain, given.token, ['reset_password'])
  parse(z.object({ newPassword: newPassword(domain, caller, await ownerOf(domain.db, row)) }), given)
  await refusePwned(domain, caller, 'newPassword', given.newPassword)
  const passwordHash = await domain.hasher.hash({ client: caller.clientAddress, account: row.userId }, given.newPassword)
  const now = domain.clock.now()
  await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, row.userId)
    await spendMailToken(tx, row)
    const current = await ownerOf(tx, row)
    await endSessions(domain, tx, current.id)
    await dropPending(tx, current.id)
    await forgetAllFailures(tx, current.id)
    await record(domain, tx, caller, { type: 'password.reset', userId: current.id, actorId: null })
    const account = await tx.user.update({
      where: { id: current.id },
      data: {
        passwordHash,
        mustChangePassword: false,
        credentialVersion: { increment: 1 },
        updatedAt: now,
        emailVerifiedAt: now,
      },
    })
    await notice(domain, tx, account, 'passwordReset')
  })
}

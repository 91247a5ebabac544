/**
 * The way back for a lost password: a mail to the stored address, and a new password for its token. It neither signs in
 * nor touches the second factor; it ends every session and shows that the address is the owner's.
 */
import { z } from 'zod'
import type { MailToken } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { findByIdentifier, identifierKey } from '../accounts/identifiers.ts'
import { record } from '../audit.ts'
import type { Caller } from '../caller.ts'
import type { Domain, Tx } from '../domain.ts'
import { findMailToken, issueMailToken, pageLink, spendMailToken } from '../emails/mailTokens.ts'
import { Failure, fieldFailure } from '../errors.ts'
import { email as emailRule, nonEmpty, parse } from '../input.ts'
import { notice } from '../mails/notices.ts'
import { resetPassword as resetMail } from '../mails/templates.ts'
import type { Account } from '../sessions/authenticate.ts'
import { dropPending, endSessions, lockRow } from '../sessions/end.ts'
import { newPassword, refusePwned } from './policy.ts'

const findByEmail = async (domain: Domain, email: string): Promise<Account | null> => {
  const account = await findByIdentifier(domain, email)
  return account?.email != null && identifierKey(account.email) === identifierKey(email) ? account : null
}

const sendReset = async (domain: Domain, caller: Caller, account: Account, address: string): Promise<void> => {
  if (account.loginDisabled || !(await domain.limits.mail(identifierKey(address)))) return
  const token = await inTransaction(domain.db, async (tx) => {
    await record(domain, tx, caller, { type: 'password.reset_requested', userId: account.id, actorId: null })
    return await issueMailToken(domain, tx, account.id, 'reset_password', address, domain.config.RESET_TOKEN_LIFE)
  })
  domain.sendMail(
    resetMail({
      to: address,
      name: account.name,
      locale: account.locale,
      link: pageLink(domain, 'reset-password', token),
      life: domain.config.RESET_TOKEN_LIFE,
    }),
  )
}

/**
 * Sends a reset mail, if an account has the address; the answer says nothing of that, but where the surface's table
 * lets it.
 * @throws {Failure} INVALID_INPUT, EMAIL_UNKNOWN, TOO_MANY_REQUESTS
 */
export async function requestPasswordReset(domain: Domain, caller: Caller, input: { email: string }): Promise<void> {
  const { email } = parse(z.object({ email: nonEmpty }), input)
  await domain.limits.attempt(caller.clientAddress)
  const account = await findByEmail(domain, email)
  if (account?.email != null) return await sendReset(domain, caller, account, account.email)
  parse(z.object({ email: emailRule }), input)
  if (domain.surfaces[caller.surface].disclosesUnknownEmail)
    throw fieldFailure('EMAIL_UNKNOWN', 'email', 'No account has this e-mail address')
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
  const row = await findMailToken(domain, given.token, 'reset_password')
  parse(z.object({ newPassword: newPassword(domain, caller, await ownerOf(domain.db, row)) }), given)
  await refusePwned(domain, caller, 'newPassword', given.newPassword)
  const passwordHash = await domain.hasher.hash(given.newPassword)
  const now = domain.clock.now()
  const account = await inTransaction(domain.db, async (tx) => {
    await lockRow(tx, row.userId)
    await spendMailToken(tx, row)
    const current = await ownerOf(tx, row)
    await endSessions(domain, tx, current.id)
    await dropPending(tx, current.id)
    await record(domain, tx, caller, { type: 'password.reset', userId: current.id, actorId: null })
    return await tx.user.update({
      where: { id: current.id },
      data: {
        passwordHash,
        mustChangePassword: false,
        credentialVersion: { increment: 1 },
        updatedAt: now,
        emailVerifiedAt: now,
      },
    })
  })
  notice(domain, account, 'passwordReset')
}

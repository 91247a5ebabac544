/**
 * One-time tokens sent by mail, stored as hashes, bound to a purpose and to the address that they were sent to. Opening a link does
 * not use up its token.
 */
import type { MailToken } from '../../db/generated/client.ts'
import { Failure } from '../base/errors.ts'
import type { Account } from '../frame/account.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { hashMailToken, newMailToken } from '../secrets/mailToken.ts'
import { invalidCode } from './codes.ts'

export type AddressMail = Pick<MailToken, 'purpose' | 'address' | 'createdAt'>

export type MailPurpose = 'reset_password' | 'confirm_email' | 'verify_email'

/** Creates a token and returns it; it cannot be read again. `code` is the code beside it in the mail. */
export async function issueMailToken(
  domain: Domain,
  tx: Tx,
  userId: string,
  purpose: MailPurpose,
  address: string,
  life: number,
  code?: { readonly hash: string; readonly expiresAt: Date },
): Promise<string> {
  const token = newMailToken(domain.randomBytes)
  await tx.mailToken.create({
    data: {
      hash: hashMailToken(token),
      userId,
      purpose,
      address,
      createdAt: domain.clock.now(),
      expiresAt: later(domain, life),
      codeHash: code?.hash ?? null,
      codeExpiresAt: code?.expiresAt ?? null,
    },
  })
  return token
}

/** The live row of a token for one of `purposes`. @throws {Failure} INVALID_MAIL_TOKEN */
export async function findMailToken(domain: Domain, token: string, purposes: readonly MailPurpose[]): Promise<MailToken> {
  const row = await domain.db.mailToken.findUnique({ where: { hash: hashMailToken(token) } })
  const isLive = row !== null && row.expiresAt > domain.clock.now() && purposes.some((purpose) => purpose === row.purpose)
  if (!isLive) throw new Failure('INVALID_MAIL_TOKEN')
  return row
}

/**
 * Uses up a token, by its link, or by its code if that is still the live one. Only one transaction can. @throws {Failure}
 * INVALID_MAIL_TOKEN
 */
export async function spendMailToken(tx: Tx, { hash, codeHash }: MailToken, { byCode = false } = {}): Promise<void> {
  const { count } = await tx.mailToken.deleteMany({ where: { hash, ...(byCode ? { codeHash } : {}) } })
  if (count === 0) throw byCode ? invalidCode() : new Failure('INVALID_MAIL_TOKEN')
}

/** The pages that mails link to. */
export type MailPage = 'reset-password' | 'confirm-email' | 'disown-email' | 'undo-change'

/** A link to one of our pages. The token is in the fragment, which browsers do not send, so no log has it. */
export const pageLink = (domain: Domain, page: MailPage, token: string): string => `${domain.config.PUBLIC_URL}/${page}#token=${token}`

/** The live mails to unconfirmed addresses of each account, newest first, in the order of `userIds`. */
export async function addressMailsOf(domain: Domain, userIds: readonly string[]): Promise<MailToken[][]> {
  const rows = await domain.db.mailToken.findMany({
    where: { userId: { in: [...userIds] }, purpose: { in: ['confirm_email', 'verify_email'] }, expiresAt: { gt: domain.clock.now() } },
    orderBy: { createdAt: 'desc' },
  })
  return userIds.map((userId) => rows.filter((row) => row.userId === userId))
}

/** Those to addresses that are to replace the present one. */
export const pendingEmailsIn = (mails: readonly AddressMail[]): AddressMail[] => mails.filter(({ purpose }) => purpose === 'confirm_email')

/** The newest one that verifies the present address, while it is unverified. */
export const verificationIn = (mails: readonly AddressMail[], { email, emailVerifiedAt }: Account): AddressMail | undefined =>
  emailVerifiedAt === null ? mails.find(({ purpose, address }) => purpose === 'verify_email' && address === email) : undefined

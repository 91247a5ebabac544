/**
 * One-time tokens that are sent by mail, kept as hashes, bound to their purpose and to the address they were sent to.
 * Opening a link spends nothing; only using the token does, once.
 */
import type { MailToken } from '../../db/generated/client.ts'
import type { Account } from '../accounts/account.ts'
import { Failure } from '../base/errors.ts'
import { type Domain, later, type Tx } from '../frame/domain.ts'
import { hashMailToken, newMailToken } from '../secrets/mailToken.ts'
import { invalidCode } from './codes.ts'

export type AddressMail = Pick<MailToken, 'purpose' | 'address' | 'createdAt'>

export type MailPurpose = 'reset_password' | 'confirm_email' | 'verify_email'

/** Makes a token and returns it, this once; `code` is what stands beside it in the mail. */
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

/** The live row of a token for one of `purposes`, or a failure. @throws {Failure} INVALID_MAIL_TOKEN */
export async function findMailToken(domain: Domain, token: string, purposes: readonly MailPurpose[]): Promise<MailToken> {
  const row = await domain.db.mailToken.findUnique({ where: { hash: hashMailToken(token) } })
  const isLive = row !== null && row.expiresAt > domain.clock.now() && purposes.some((purpose) => purpose === row.purpose)
  if (!isLive) throw new Failure('INVALID_MAIL_TOKEN')
  return row
}

/** Spends a token, by its link or, if it is still the live one, by its code: one transaction wins. @throws {Failure} INVALID_MAIL_TOKEN */
export async function spendMailToken(tx: Tx, { hash, codeHash }: MailToken, { byCode = false } = {}): Promise<void> {
  const { count } = await tx.mailToken.deleteMany({ where: { hash, ...(byCode ? { codeHash } : {}) } })
  if (count === 0) throw byCode ? invalidCode() : new Failure('INVALID_MAIL_TOKEN')
}

/** The pages that mails link to. */
export type MailPage = 'reset-password' | 'confirm-email' | 'disown-email' | 'undo-change'

/** A link to a page of ours; the token is in the fragment, which no server and no log sees. */
export const pageLink = (domain: Domain, page: MailPage, token: string): string => `${domain.config.PUBLIC_URL}/${page}#token=${token}`

/** The live mails of each account to addresses that wait for their owner, newest first, in the order of `userIds`. */
export async function addressMailsOf(domain: Domain, userIds: readonly string[]): Promise<MailToken[][]> {
  const rows = await domain.db.mailToken.findMany({
    where: { userId: { in: [...userIds] }, purpose: { in: ['confirm_email', 'verify_email'] }, expiresAt: { gt: domain.clock.now() } },
    orderBy: { createdAt: 'desc' },
  })
  return userIds.map((userId) => rows.filter((row) => row.userId === userId))
}

/** Those to addresses that are to take the place of the present one. */
export const pendingEmailsIn = (mails: readonly AddressMail[]): AddressMail[] => mails.filter(({ purpose }) => purpose === 'confirm_email')

/** The newest one that is to verify the present address, while that is not verified. */
export const verificationIn = (mails: readonly AddressMail[], { email, emailVerifiedAt }: Account): AddressMail | undefined =>
  emailVerifiedAt === null ? mails.find(({ purpose, address }) => purpose === 'verify_email' && address === email) : undefined

/**
 * Checks whether the link of a mail still works, so that a page can say so before anything is typed. It does not use the token up,
 * and counts as an attempt like its use. Whoever has the token reads the account's mails, so the answer may say what to sign in
 * with afterwards.
 */
import * as z from 'zod'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { findMailToken } from '../mailTokens/mailTokens.ts'
import { unverifiedOwnerOf } from './disownEmail.ts'
import { ownerOfReset } from './resetPassword.ts'
import { findUndo, ownerOfUndo } from './undoAccountChange.ts'

/** The use that a link is for. */
export const tokenUses = ['reset_password', 'confirm_email', 'disown_email', 'undo_account_change'] as const
export type TokenUse = (typeof tokenUses)[number]

export interface CheckedToken {
  /** What the account signs in with after the link was used; null if the link does not change it, or it may not be shown. */
  readonly signInName: string | null
}

const NOTHING: CheckedToken = { signInName: null }

/** How each use is checked. @throws {Failure} INVALID_MAIL_TOKEN */
const checks: Readonly<Record<TokenUse, (domain: Domain, token: string) => Promise<CheckedToken>>> = {
  async reset_password(domain, token) {
    const row = await findMailToken(domain, token, ['reset_password'])
    const { email, username } = await ownerOfReset(domain, domain.db, row)
    return { signInName: email === row.address ? email : username }
  },
  async confirm_email(domain, token) {
    const { userId, purpose, address } = await findMailToken(domain, token, ['confirm_email', 'verify_email'])
    const account = await domain.db.user.findUnique({ where: { id: userId } })
    const isFor = account !== null && !account.loginDisabled && (purpose === 'confirm_email' || account.email === address)
    if (!isFor) throw new Failure('INVALID_MAIL_TOKEN')
    return NOTHING
  },
  async disown_email(domain, token) {
    await unverifiedOwnerOf(domain.db, await findMailToken(domain, token, ['verify_email']))
    return NOTHING
  },
  async undo_account_change(domain, token) {
    const row = await findUndo(domain, token)
    await ownerOfUndo(domain.db, row)
    return { signInName: row.address }
  },
}

/** @throws {Failure} INVALID_INPUT, INVALID_MAIL_TOKEN, TOO_MANY_REQUESTS */
export async function checkMailToken(domain: Domain, caller: Caller, input: { token: string; use: TokenUse }): Promise<CheckedToken> {
  const { token, use } = parse(z.object({ token: nonEmpty, use: z.enum(tokenUses) }), input)
  await domain.limits.attempt(caller.clientAddress)
  return await checks[use](domain, token)
}

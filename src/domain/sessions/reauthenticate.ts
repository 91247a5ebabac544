/**
 * A fresh proof for a session that is open already, so that it may change e-mail, password or factors again.
 */
import { z } from 'zod'
import type { Session } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { record } from '../audit.ts'
import { type Caller, viewerOf } from '../caller.ts'
import type { Domain } from '../domain.ts'
import { fieldFailure } from '../errors.ts'
import { nonEmpty, parse } from '../input.ts'
import { passwordFits } from '../passwords/check.ts'
import { checkCode } from '../twoFactor/check.ts'

export interface ReauthenticateInput {
  readonly password: string
  /** Asked for where the account has a second factor. */
  readonly code?: string | null | undefined
}

/** @throws {Failure} WRONG_PASSWORD, INVALID_INPUT without a code that is needed, WRONG_CODE, TOO_MANY_REQUESTS */
export async function reauthenticate(domain: Domain, caller: Caller, input: ReauthenticateInput): Promise<Session> {
  const { account, session } = viewerOf(caller)
  const { password, code } = parse(z.object({ password: nonEmpty, code: nonEmpty.nullish() }), input)
  if (account.twoFactorSecret !== null && code == null) throw fieldFailure('INVALID_INPUT', 'code', 'is required')
  if (!(await passwordFits(domain, caller, account, password))) throw fieldFailure('WRONG_PASSWORD', 'password', 'Wrong password')
  if (account.twoFactorSecret !== null && code != null) await checkCode(domain, caller, account, code, 'WRONG_CODE')
  return await inTransaction(domain.db, async (tx) => {
    await record(domain, tx, caller, { type: 'session.reauthenticated', userId: account.id, details: { sessionId: session.id } })
    return await tx.session.update({ where: { id: session.id }, data: { authenticatedAt: domain.clock.now() } })
  })
}

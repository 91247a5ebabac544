/**
 * The second step of a sign-in: the login code of the first step, and a second-factor code. A login code can be used once, is
 * invalid after five wrong codes, and records the surface of the first step, so that its tokens are issued too.
 */
import * as z from 'zod'
import type { LoginCode, User } from '../../db/generated/client.ts'
import { Failure } from '../base/errors.ts'
import { nonEmpty, parse } from '../base/input.ts'
import type { Surface, Transport } from '../base/surfaces.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { hashLoginCode } from '../secrets/loginCode.ts'
import { withTransport } from '../sessions/cookies.ts'
import { openSession, type SignedIn } from '../sessions/openSession.ts'
import { checkCode } from '../twoFactor/checkSecondFactor.ts'

export interface VerifyTwoFactorInput {
  readonly loginCode: string
  readonly code: string
  readonly transport?: Transport | undefined
}

const MAX_ATTEMPTS = 5

const schema = withTransport((transport) => z.object({ loginCode: nonEmpty, code: nonEmpty, transport }))

/** Finds a live login code and counts an attempt at it. @throws {Failure} INVALID_LOGIN_CODE */
const take = async (domain: Domain, hash: string): Promise<LoginCode & { user: User }> => {
  const { count } = await domain.db.loginCode.updateMany({
    where: { hash, attempts: { lt: MAX_ATTEMPTS }, expiresAt: { gt: domain.clock.now() } },
    data: { attempts: { increment: 1 } },
  })
  const row = count === 0 ? null : await domain.db.loginCode.findUnique({ where: { hash }, include: { user: true } })
  if (row === null || row.user.loginDisabled || row.user.credentialVersion !== row.credentialVersion)
    throw new Failure('INVALID_LOGIN_CODE').about(row?.userId)
  return row
}

/** An attempt that was not checked is not a wrong code. */
const giveBack = async (domain: Domain, hash: string): Promise<void> => {
  await domain.db.loginCode.updateMany({ where: { hash, attempts: { gt: 0 } }, data: { attempts: { decrement: 1 } } })
}

/** @throws {Failure} INVALID_INPUT, INVALID_LOGIN_CODE, INVALID_TWO_FACTOR_CODE, TOO_MANY_REQUESTS */
export async function verifyTwoFactor(domain: Domain, caller: Caller, input: VerifyTwoFactorInput): Promise<SignedIn> {
  const given = parse(schema(domain, caller), input)
  await domain.limits.attempt(caller.clientAddress)
  const hash = hashLoginCode(given.loginCode)
  const { user: account, surface } = await take(domain, hash)
  await checkCode(domain, caller, account, given.code, 'INVALID_TWO_FACTOR_CODE').catch(async (error: unknown) => {
    if (error instanceof Failure && error.code !== 'INVALID_TWO_FACTOR_CODE') await giveBack(domain, hash)
    throw error
  })
  const { count } = await domain.db.loginCode.deleteMany({ where: { hash } })
  if (count === 0) throw new Failure('INVALID_LOGIN_CODE').about(account.id)
  return await openSession(domain, caller, account, { origin: surface as Surface, transport: given.transport })
}

/**
 * The administrator of the settings. The account is created at start, if nobody has the address; an existing account with the
 * address is never promoted, and its password never set.
 */

import * as z from 'zod'
import { inTransaction } from '../../db/transaction.ts'
import { createAccount, recordCreated } from '../accounts/createAccount.ts'
import { findHolder } from '../accounts/identifiers.ts'
import { Failure } from '../base/errors.ts'
import { email as emailRule, parse } from '../base/input.ts'
import type { Domain } from '../frame/domain.ts'
import { serverCaller } from '../frame/serverCaller.ts'

/** Creates the administrator of ADMIN_EMAIL and ADMIN_PASSWORD. @throws {Failure} INVALID_INPUT if ADMIN_EMAIL is not an address */
export async function createSettingsAdmin(domain: Domain): Promise<void> {
  const { ADMIN_EMAIL, ADMIN_PASSWORD } = domain.config
  if (ADMIN_EMAIL === undefined || ADMIN_PASSWORD === undefined) return
  const { email } = parse(z.object({ email: emailRule }), { email: ADMIN_EMAIL })
  if ((await findHolder(domain, email)) !== null) {
    domain.log.info({ setting: 'ADMIN_EMAIL' }, 'an account already has the address of ADMIN_EMAIL: it was not changed')
    return
  }
  const passwordHash = await domain.hasher.hash({ client: 'start', account: '' }, ADMIN_PASSWORD)
  const caller = serverCaller(domain, 'start')
  try {
    await inTransaction(domain.db, async (tx) => {
      const account = await createAccount(domain, tx, caller, { email, username: null, passwordHash, locale: caller.locale, isAdmin: true })
      await recordCreated(domain, tx, caller, account, null)
    })
    domain.log.info({ setting: 'ADMIN_EMAIL' }, 'the administrator of ADMIN_EMAIL was created')
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'EMAIL_TAKEN') throw error
    domain.log.info({ setting: 'ADMIN_EMAIL' }, 'another process created the administrator of ADMIN_EMAIL')
  }
}

/** Whether there is an enabled administrator. */
export const hasAdmin = async (domain: Domain): Promise<boolean> =>
  (await domain.db.user.findFirst({ where: { isAdmin: true, loginDisabled: false }, select: { id: true } })) !== null

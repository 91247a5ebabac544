/** The account that a command line names: by its id, its username or its e-mail address. */
import { findByIdentifier } from '../domain/accounts/identifiers.ts'
import { Failure } from '../domain/base/errors.ts'
import { storable } from '../domain/base/input.ts'
import type { Account } from '../domain/frame/account.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { printable } from './showAccount.ts'

/** An id comes first: nobody can choose it. @throws {Failure} NOT_FOUND */
export async function findAccount(domain: Domain, name: string): Promise<Account> {
  const found = storable(name)
    ? ((await domain.db.user.findUnique({ where: { id: name } })) ?? (await findByIdentifier(domain, name)))
    : null
  if (found === null) throw new Failure('NOT_FOUND', { message: `No account has the id, username or e-mail address ${printable(name)}` })
  return found
}

/** How messages name an account. */
export const nameOf = ({ id, username }: Pick<Account, 'id' | 'username'>): string => `${printable(username)} (${id})`

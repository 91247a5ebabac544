/** The account that a command line names: by its id, its username or its e-mail address. */
import { Failure } from '../domain/base/errors.ts'
import type { Account } from '../domain/frame/account.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { printable } from './showAccount.ts'

/** How messages name an account. */
export const nameOf = ({ id, username }: Pick<Account, 'id' | 'username'>): string => `${printable(username)} (${id})`

/**
 * People choose usernames, and an import brings ids of its own: one could be the address of an administrator. So what is the id of one account
 * and a name of another is neither.
 * @throws {Failure} NOT_FOUND, INVALID_INPUT
 */
export async function findAccount(domain: Domain, name: string): Promise<Account> {
  const { storable } = await import('../domain/base/input.ts')
  const { findByIdentifier } = await import('../domain/accounts/identifiers.ts')
  const byId = storable(name) ? await domain.db.user.findUnique({ where: { id: name } }) : null
  const byName = storable(name) ? await findByIdentifier(domain, name) : null
  if (byId !== null && byName !== null && byId.id !== byName.id)
    throw new Failure('INVALID_INPUT', {
      message: `${printable(name)} is the id of ${nameOf(byId)}, and a name of ${nameOf(byName)}: use another name of the one that is meant`,
    })
  const found = byId ?? byName
  if (found === null) throw new Failure('NOT_FOUND', { message: `No account has the id, username or e-mail address ${printable(name)}` })
  return found
}

/** Finds accounts by id or username. */
import * as z from 'zod'
import { holds } from '../access/requirements.ts'
import { Failure } from '../base/errors.ts'
import { parse, text } from '../base/input.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { findByIdentifier, identifierKey } from './identifiers.ts'

const findById = async (domain: Domain, id: string): Promise<Account | null> => await domain.db.user.findUnique({ where: { id } })

const findByUsername = async (domain: Domain, username: string): Promise<Account | null> => {
  const found = await findByIdentifier(domain, username)
  return found !== null && identifierKey(found.username) === identifierKey(username) ? found : null
}

/** The accounts of some ids, in the order of the ids; null where there is none. */
export async function findAccounts(domain: Domain, ids: readonly string[]): Promise<(Account | null)[]> {
  const accounts = await domain.db.user.findMany({ where: { id: { in: [...ids] } } })
  const byId = new Map(accounts.map((account) => [account.id, account]))
  return ids.map((id) => byId.get(id) ?? null)
}

const idOrUsername = z.object({ id: text.nullish(), username: text.nullish() })

/**
 * An account by its id, or else by its username. Unlike ids, usernames can be guessed: only callers who may read all accounts find
 * another account by its username.
 * @throws {Failure} NOT_FOUND, INVALID_INPUT
 */
export async function findUserFor(
  domain: Domain,
  { viewer }: Caller,
  by: { id?: string | null | undefined; username?: string | null | undefined },
): Promise<Account> {
  const { id, username } = parse(idOrUsername, by)
  const known = id == null ? null : await findById(domain, id)
  const account = known ?? (username == null ? null : await findByUsername(domain, username))
  const mayKnow = known !== null || account?.id === viewer?.account.id || holds(viewer, 'users:read')
  if (account === null || !mayKnow) throw new Failure('NOT_FOUND')
  return account
}

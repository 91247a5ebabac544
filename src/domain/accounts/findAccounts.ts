/** Finds accounts: one by id or username, or a page of all. Pages go by keyset, not by offset, so each costs the same. */
import { z } from 'zod'
import type { Prisma } from '../../db/generated/client.ts'
import { holds } from '../access/requirements.ts'
import { Failure, fieldFailure } from '../base/errors.ts'
import { parse, storable, text } from '../base/input.ts'
import type { PageWindow, Place } from '../base/pageWindow.ts'
import type { Account } from '../frame/account.ts'
import type { Caller } from '../frame/caller.ts'
import type { Domain } from '../frame/domain.ts'
import { findByIdentifier, identifierKey } from './identifiers.ts'
import { conditionsOf, type UserFilter } from './userFilter.ts'

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

export type OrderField = 'seq' | 'username' | 'name'

/** Which accounts a list is about. */
export interface UserSelection {
  /** Part of the name, username or address, in any case. */
  readonly search?: string | null | undefined
  readonly filter?: UserFilter | undefined
}

export interface UserPage extends PageWindow, UserSelection {
  readonly orderBy: OrderField
  readonly direction: 'asc' | 'desc'
}

/** The creation number breaks ties. */
export const placeOf = (account: Account, orderBy: OrderField): Place => ({
  value: orderBy === 'seq' ? String(account.seq) : account[orderBy],
  seq: account.seq,
})

const beyond = (orderBy: OrderField, place: Place, operator: 'gt' | 'lt'): Prisma.UserWhereInput => {
  if (orderBy === 'seq') return { seq: { [operator]: place.seq } }
  return { OR: [{ [orderBy]: { [operator]: place.value } }, { [orderBy]: place.value, seq: { [operator]: place.seq } }] }
}

const literal = (search: string) => search.replace(/[\\%_]/g, '\\$&')

/**
 * The condition of a search. It compares folded forms (`identifierKey`), so it does not depend on the locale of the database. The
 * identifiers of an account are its username and address.
 */
const matching = (search: string): Prisma.UserWhereInput => {
  const contains = { contains: literal(identifierKey(search)) }
  return { OR: [{ nameKey: contains }, { identifiers: { some: { value: contains } } }] }
}

/** The condition of a selection. @throws {Failure} INVALID_INPUT */
export const selectionOf = ({ search, filter = {} }: UserSelection): Prisma.UserWhereInput[] => {
  if (search != null && !storable(search)) throw fieldFailure('INVALID_INPUT', 'search', 'must be well-formed text')
  return [...(search == null || search === '' ? [] : [matching(search)]), ...conditionsOf(filter).map(({ where }) => where)]
}

/** The accounts between two places of an order, forwards or backwards. @throws {Failure} INVALID_INPUT */
export async function findUsers(domain: Domain, page: UserPage): Promise<Account[]> {
  const { orderBy, direction } = page
  const [onwards, backwards] = direction === 'asc' ? (['gt', 'lt'] as const) : (['lt', 'gt'] as const)
  const where = selectionOf(page)
  if (page.after !== undefined) where.push(beyond(orderBy, page.after, onwards))
  if (page.before !== undefined) where.push(beyond(orderBy, page.before, backwards))
  const walk = page.backwards === (direction === 'asc') ? 'desc' : 'asc'
  return await domain.db.user.findMany({
    where: { AND: where },
    orderBy: orderBy === 'seq' ? { seq: walk } : [{ [orderBy]: walk }, { seq: walk }],
    take: page.limit,
  })
}

/**
 * A page of all accounts, with one statement. It goes by keyset, so each page costs the same wherever it is; a dialect that counts may
 * skip a number of accounts, for which an index is enough: a tenth of a second for a million.
 */
import { Prisma } from '../../db/generated/client.ts'
import { type JsonRow, rowReader, selectedColumns } from '../../db/jsonColumns.ts'
import { PLANNED_ANEW } from '../../db/statementNames.ts'
import type { PageWindow, Place } from '../base/pageWindow.ts'
import type { Domain } from '../frame/domain.ts'
import { accountJson, type ListedAccount, listedJson } from './accountJson.ts'
import { allOf, conditionsOf, startOf, type UserSelection } from './userSelection.ts'

export type OrderField = 'seq' | 'username' | 'name'
type Direction = 'asc' | 'desc'

export interface UserPage extends PageWindow, UserSelection {
  readonly orderBy: OrderField
  readonly direction: Direction
  /** Whether more is asked of an account than lists usually show (`ListedAccount`). */
  readonly isWhole: boolean
}

/** The creation number breaks ties. */
export const placeOf = (account: ListedAccount, orderBy: OrderField): Place => ({
  value: orderBy === 'seq' ? String(account.seq) : account[orderBy],
  seq: account.seq,
})

const { sql, raw } = Prisma

const beyond = (orderBy: OrderField, { value, seq }: Place, operator: '<' | '>'): Prisma.Sql =>
  orderBy === 'seq' ? sql`seq ${raw(operator)} ${seq}` : sql`(${raw(orderBy)}, seq) ${raw(operator)} (${value}, ${seq})`

const orderOf = (orderBy: OrderField, direction: Direction): Prisma.Sql =>
  raw(orderBy === 'seq' ? `seq ${direction}` : `${orderBy} ${direction}, seq ${direction}`)

/** From the account after `skip` others on. */
const from = (skip: number, direction: Direction): Prisma.Sql =>
  sql`seq ${raw(direction === 'asc' ? '>=' : '<=')} (SELECT seq FROM users ORDER BY seq ${raw(direction)} OFFSET ${skip} LIMIT 1)`

/** Where the walk begins and ends. */
const bounds = ({ orderBy, direction, after, before }: UserPage): Prisma.Sql[] => {
  const [onwards, backwards] = direction === 'asc' ? (['>', '<'] as const) : (['<', '>'] as const)
  return [
    ...(after === undefined ? [] : [beyond(orderBy, after, onwards)]),
    ...(before === undefined ? [] : [beyond(orderBy, before, backwards)]),
  ]
}

const whole = { columns: raw(selectedColumns('users', accountJson)), read: rowReader<ListedAccount>(accountJson) }
const listed = { columns: raw(selectedColumns('users', listedJson)), read: rowReader<ListedAccount>(listedJson) }

/**
 * The accounts between two places of an order, forwards or backwards. Unless `isWhole`, only the columns of `ListedAccount` are read.
 * The page is one value of JSON: with times, the driver takes longer for rows.
 * @throws {Failure} INVALID_INPUT
 */
export async function findUsers({ lists }: Domain, page: UserPage): Promise<ListedAccount[]> {
  const { orderBy, direction, skip = 0, backwards, isWhole, limit } = page
  const selection = conditionsOf(page)
  const walk = backwards === (direction === 'asc') ? 'desc' : 'asc'
  const isFromEnd = (backwards ? page.before : page.after) === undefined
  const isCounted = skip > 0 && orderBy === 'seq' && selection.length === 0
  const where = [
    ...selection,
    ...bounds(page),
    ...(isFromEnd && orderBy === 'seq' ? startOf(page, walk) : []),
    ...(isCounted ? [from(skip, walk)] : []),
  ]
  const { columns, read } = isWhole ? whole : listed
  const statement = sql`SELECT json_agg(account)::text AS accounts FROM (
    SELECT json_build_array(${columns}) AS account FROM users WHERE ${allOf(where)}
    ORDER BY ${orderOf(orderBy, walk)} OFFSET ${isCounted ? 0 : skip} LIMIT ${limit}) AS page`
  const planned = selection.length === 0 ? statement : sql`${raw(PLANNED_ANEW)} ${statement}`
  const rows = await lists.read(async (db) => await db.$queryRaw<{ accounts: string | null }[]>(planned))
  const found: readonly JsonRow[] = JSON.parse(rows[0]?.accounts ?? '[]')
  return found.map(read)
}

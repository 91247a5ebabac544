/** The columns of `users`, for statements that Prisma's models cannot express. Their rows are accounts like those of the models. */
import { Prisma } from '../../db/generated/client.ts'
import type { Account } from '../frame/account.ts'

/** What lists show; reading these alone costs a fourth. The form is the same for each list, so that there are few statements. */
const LISTED = [
  'id',
  'seq',
  'username',
  'email',
  'name',
  'isAdmin',
  'loginDisabled',
  'scopes',
  'credentialVersion',
] as const satisfies readonly (keyof Account)[]

/** An account of which only those columns were read. */
export type ListedAccount = Pick<Account, (typeof LISTED)[number]>

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const selected = (fields: readonly string[]): Prisma.Sql =>
  Prisma.raw(fields.map((field) => `users.${columnOf(field)} AS "${field}"`).join(', '))

export const listedColumns = selected(LISTED)
export const accountColumns = selected(Object.values(Prisma.UserScalarFieldEnum))

/** The columns of `users`, for statements that Prisma's models cannot express. Their rows are accounts like those of the models. */
import { Prisma } from '../../db/generated/client.ts'

const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

export const accountColumns = Prisma.raw(
  Object.values(Prisma.UserScalarFieldEnum)
    .map((field) => `users.${columnOf(field)} AS "${field}"`)
    .join(', '),
)

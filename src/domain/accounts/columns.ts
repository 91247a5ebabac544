/** The columns of an account for statements that Prisma does not write, under the names of its fields. */
import { Prisma } from '../../db/generated/client.ts'

const snake = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** From `users`. */
export const accountColumns = Prisma.raw(
  Object.values(Prisma.UserScalarFieldEnum)
    .map((field) => `users."${snake(field)}" AS "${field}"`)
    .join(', '),
)

/** Prisma on an adapter, with our limits for transactions. Errors have no source excerpts, because they are only logged. */
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { PrismaClient } from './generated/client.ts'
import { transactionLimits } from './transaction.ts'

export const createClient = (adapter: SqlDriverAdapterFactory): PrismaClient =>
  new PrismaClient({ adapter, transactionOptions: transactionLimits, errorFormat: 'minimal' })

/** Prisma on an adapter, with our limits for transactions. Errors come without source excerpts: they are logged, not read in colour. */
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { PrismaClient } from './generated/client.ts'
import { transactionLimits } from './transaction.ts'

export const createClient = (adapter: SqlDriverAdapterFactory): PrismaClient =>
  new PrismaClient({ adapter, transactionOptions: transactionLimits, errorFormat: 'minimal' })

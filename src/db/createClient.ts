/**
 * Prisma on an adapter, with our limits for transactions. Errors have no source excerpts, because they are only logged.
 *
 * Prisma gathers the `findUnique` calls and the statements of transactions of one tick, and sends them all in the asynchronous context of the first.
 * So the time limit, the id and the trace of one request would apply to statements of another (`patience.ts`). Here each statement is sent at
 * once, in the context of its own request. Nothing is lost: fields of GraphQL gather by loaders of their own.
 */
import type { SqlDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { PrismaClient } from './generated/client.ts'
import { transactionLimits } from './transaction.ts'

interface Sent {
  /** `batch`: a list of statements that were given to `$transaction` together. */
  readonly transaction?: { readonly kind: 'itx' | 'batch' }
}

type Send = (sent: Sent) => Promise<unknown>

/** What Prisma does not declare, in the version that package.json pins. */
interface Gathering {
  readonly _requestHandler?: { readonly dataloader?: { request: Send; readonly options?: { readonly singleLoader?: Send } } }
}

const sendingEach = (client: PrismaClient): PrismaClient => {
  const loader = (client as unknown as Gathering)._requestHandler?.dataloader
  const sendOne = loader?.options?.singleLoader
  if (loader === undefined || sendOne === undefined) throw new Error('this version of Prisma gathers statements in another way')
  const gather = loader.request.bind(loader)
  loader.request = async (sent) => {
    if (sent.transaction?.kind === 'batch') return await gather(sent)
    const result = await sendOne(sent)
    if (result instanceof Error) throw result
    return result
  }
  return client
}

export const createClient = (adapter: SqlDriverAdapterFactory): PrismaClient =>
  sendingEach(new PrismaClient({ adapter, transactionOptions: transactionLimits, errorFormat: 'minimal' }))

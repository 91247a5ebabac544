/** Only one batch of any import or undo is planned and written at a time, over all processes. */
import type { Tx } from '../frame/domain.ts'

const KEY = 4_702_111_234_000_001n

/** Until the transaction ends. */
export const lockImports = async (tx: Tx): Promise<void> => {
  await tx.$queryRaw`SELECT pg_advisory_xact_lock(${KEY}::bigint) IS NULL`
}

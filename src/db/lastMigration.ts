/** The name of the last migration that a database has had; empty for none. */
import type { Prisma } from './generated/client.ts'

export const lastMigration = async (db: Prisma.TransactionClient): Promise<string> => {
  const rows = await db.$queryRaw<{ name: string }[]>`SELECT migration_name AS name FROM _prisma_migrations
    WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY migration_name DESC LIMIT 1`
  return rows[0]?.name ?? ''
}

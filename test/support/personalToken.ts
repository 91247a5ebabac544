/**
 * A personal access token, written as it stands in the database.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Person } from './accounts.ts'
import { clock } from './clock.ts'
import type { World } from './world.ts'

const YEAR = 365 * 24 * 3_600_000

/** A token that is bound to `scopes` and lives for a year. */
export const personalToken = async ({ db: { client } }: World, { id: userId }: Pick<Person, 'id'>, scopes: string[]): Promise<string> => {
  const token = randomBytes(32).toString('base64url')
  const createdAt = clock.now()
  const expiresAt = new Date(createdAt.getTime() + YEAR)
  const times = { createdAt, expiresAt, lastSeenAt: createdAt, authenticatedAt: createdAt }
  const { id: sessionId } = await client.session.create({
    data: { id: randomUUID(), userId, kind: 'personal', name: 'script', scopes, surface: 'graphql', ...times },
  })
  const hash = createHash('sha256').update(token).digest('base64')
  await client.opaqueToken.create({ data: { hash, sessionId, kind: 'personal', createdAt, expiresAt } })
  return token
}

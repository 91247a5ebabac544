/** The keys that sign access tokens, for administrators: no part of a key, only since when and until when it is used. One statement. */
import type { Domain } from '../frame/domain.ts'
import { acceptedUntil, SIGNING_ALGORITHM } from '../keys/signingKeys.ts'

/** The most keys that are listed: administrators may rotate as often as they like. */
export const MOST_LISTED_KEYS = 100

export interface ListedKey {
  readonly kid: string
  readonly algorithm: string
  readonly createdAt: Date
  readonly isSigning: boolean
  readonly signsUntil: Date
  readonly acceptedUntil: Date
}

/** The newest first. */
export async function listedKeys({ db, config }: Domain): Promise<ListedKey[]> {
  const rows = await db.signingKey.findMany({
    select: { kid: true, createdAt: true, retiredAt: true },
    orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }],
    take: MOST_LISTED_KEYS,
  })
  return rows.map(({ kid, createdAt, retiredAt }) => {
    const signsUntil = retiredAt ?? new Date(createdAt.getTime() + config.SIGNING_KEY_LIFE)
    return {
      kid,
      algorithm: SIGNING_ALGORITHM,
      createdAt,
      isSigning: retiredAt === null,
      signsUntil,
      acceptedUntil: acceptedUntil(config, signsUntil),
    }
  })
}

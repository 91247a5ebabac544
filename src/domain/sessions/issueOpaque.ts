/** Issues an opaque token for a session. */
import type { Session } from '../../db/generated/client.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { newPersonalToken } from '../secrets/personalToken.ts'
import { hashSecret } from '../secrets/secret.ts'
import { newSessionToken, type SessionTokenKind } from '../secrets/sessionToken.ts'
import type { IssuedToken } from './accessTokens.ts'

/** Creates a new token of a session, stored as its hash. */
export const issueOpaque = async (
  domain: Domain,
  tx: Tx,
  session: Pick<Session, 'id'>,
  kind: SessionTokenKind | 'personal',
  expiresAt: Date,
): Promise<IssuedToken> => {
  const token = kind === 'personal' ? newPersonalToken(domain.randomBytes) : newSessionToken(domain.randomBytes, kind)
  const createdAt = domain.clock.now()
  await tx.opaqueToken.create({ data: { hash: hashSecret(token), sessionId: session.id, kind, createdAt, expiresAt } })
  return { token, expiresAt }
}

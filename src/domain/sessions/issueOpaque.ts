/**
 * Gives a session an opaque token.
 */
import type { Session } from '../../db/generated/client.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { hashToken, newOpaqueToken, type OpaqueTokenKind } from '../secrets/opaqueTokens.ts'
import type { IssuedToken } from './accessTokens.ts'

/** A new token of a session, kept as its hash. */
export const issueOpaque = async (
  domain: Domain,
  tx: Tx,
  session: Pick<Session, 'id'>,
  kind: OpaqueTokenKind,
  expiresAt: Date,
): Promise<IssuedToken> => {
  const token = newOpaqueToken(domain.randomBytes, kind)
  const createdAt = domain.clock.now()
  await tx.opaqueToken.create({ data: { hash: hashToken(token), sessionId: session.id, kind, createdAt, expiresAt } })
  return { token, expiresAt }
}

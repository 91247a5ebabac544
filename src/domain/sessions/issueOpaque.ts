/** Issues an opaque token for a session. */
import type { OpaqueToken, Session } from '../../db/generated/client.ts'
import type { Domain, Tx } from '../frame/domain.ts'
import { newPersonalToken } from '../secrets/personalToken.ts'
import { hashSecret } from '../secrets/secret.ts'
import { newSessionToken, type SessionTokenKind } from '../secrets/sessionToken.ts'
import type { IssuedToken } from './accessTokens.ts'

type Kind = SessionTokenKind | 'personal'

/** A new token of a session, and its row, which has its hash. */
export const makeOpaque = (
  { randomBytes, clock }: Domain,
  { id: sessionId }: Pick<Session, 'id'>,
  kind: Kind,
  expiresAt: Date,
): { readonly issued: IssuedToken; readonly row: OpaqueToken } => {
  const token = kind === 'personal' ? newPersonalToken(randomBytes) : newSessionToken(randomBytes, kind)
  return { issued: { token, expiresAt }, row: { hash: hashSecret(token), sessionId, kind, createdAt: clock.now(), expiresAt } }
}

/** Creates a new token of a session, and writes it. */
export const issueOpaque = async (
  domain: Domain,
  tx: Tx,
  session: Pick<Session, 'id'>,
  kind: Kind,
  expiresAt: Date,
): Promise<IssuedToken> => {
  const { issued, row } = makeOpaque(domain, session, kind, expiresAt)
  await tx.opaqueToken.createMany({ data: [row] })
  return issued
}

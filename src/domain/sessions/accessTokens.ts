/**
 * Access tokens in the form of JWTs (RFC 7519, RFC 9068). A JWT is only valid while its session is live: the session is looked up
 * at every request. RFC 8725: one algorithm, one audience, one issuer, and only keys of our own.
 */
import { errors, jwtVerify, SignJWT } from 'jose'
import { uuid } from '../base/ids.ts'
import type { Domain } from '../frame/domain.ts'
import { SIGNING_ALGORITHM } from '../keys/signingKeys.ts'

export const AUDIENCE = 'vestibule'
const TYPE = 'at+jwt'

const FORM = /^[\w-]+\.[\w-]+\.[\w-]+$/

/** Whether a text has the form of a JWT (RFC 7515, 7.1), which no other token has. */
export const isAccessToken = (token: string): boolean => FORM.test(token)

export interface IssuedToken {
  readonly token: string
  readonly expiresAt: Date
}

/** Signs a token for a session. `id` repeats `sub`, because legacy clients read it. */
export async function signAccessToken(
  domain: Domain,
  subject: { userId: string; sessionId: string },
  expiresAt: Date,
): Promise<IssuedToken> {
  const { kid, privateKey } = domain.signingKeys.signer()
  const token = await new SignJWT({ id: subject.userId, sid: subject.sessionId })
    .setProtectedHeader({ alg: SIGNING_ALGORITHM, typ: TYPE, kid })
    .setSubject(subject.userId)
    .setJti(uuid(domain.randomBytes))
    .setIssuedAt(domain.clock.now())
    .setExpirationTime(expiresAt)
    .setIssuer(domain.config.PUBLIC_URL)
    .setAudience(AUDIENCE)
    .sign(privateKey)
  return { token, expiresAt }
}

/** The session of a token, or null if the token is not ours, was changed, or has expired. */
export async function verifyAccessToken(domain: Domain, token: string): Promise<{ sessionId: string; userId: string } | null> {
  try {
    const { payload } = await jwtVerify(
      token,
      async ({ kid }) => {
        // The header is read before it is verified, so `kid` may be any JSON value (RFC 7515, 4.1.4 requires a string).
        const key = typeof kid === 'string' ? await domain.signingKeys.verifier(kid) : undefined
        if (key === undefined) throw new errors.JWKSNoMatchingKey()
        return key
      },
      {
        algorithms: [SIGNING_ALGORITHM],
        typ: TYPE,
        issuer: domain.config.PUBLIC_URL,
        audience: AUDIENCE,
        currentDate: domain.clock.now(),
        requiredClaims: ['sub', 'sid', 'exp'],
      },
    )
    return typeof payload.sid === 'string' && typeof payload.sub === 'string' ? { sessionId: payload.sid, userId: payload.sub } : null
  } catch (error) {
    if (error instanceof errors.JOSEError) return null
    throw error
  }
}

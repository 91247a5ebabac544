/**
 * Access tokens in the form of JWTs (RFC 7519, RFC 9068). A JWT is only valid while its session is live: the session is looked up
 * at every request. RFC 8725: one algorithm, one audience, one issuer, and only keys of our own.
 */
import { sign } from 'node:crypto'
import { errors, jwtVerify } from 'jose'
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

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')
const seconds = (time: Date): number => Math.floor(time.getTime() / 1000)

/**
 * Signs a token for a session (RFC 7515, 7.1; RFC 7518, 3.4). `id` repeats `sub`, because legacy clients read it. It signs at once
 * and not on a thread of libuv, where it would wait for hashes of passwords, and takes a quarter of the time.
 */
export function signAccessToken(
  domain: Domain,
  { userId, sessionId }: { userId: string; sessionId: string },
  expiresAt: Date,
): IssuedToken {
  const { kid, privateKey } = domain.signingKeys.signer()
  const header = { alg: SIGNING_ALGORITHM, typ: TYPE, kid }
  const claims = {
    id: userId,
    sid: sessionId,
    sub: userId,
    jti: uuid(domain.randomBytes),
    iat: seconds(domain.clock.now()),
    exp: seconds(expiresAt),
    iss: domain.config.PUBLIC_URL,
    aud: AUDIENCE,
  }
  const signed = `${encoded(header)}.${encoded(claims)}`
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return { token: `${signed}.${signature.toString('base64url')}`, expiresAt }
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

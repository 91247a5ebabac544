/**
 * Access tokens in the form of JWTs (RFC 7519, RFC 9068). A JWT is only valid while its session is live: the session is looked up
 * at every request. RFC 8725: one algorithm, one audience, one issuer, and only keys of our own.
 */
import { type KeyObject, sign, verify } from 'node:crypto'
import { uuid } from '../base/ids.ts'
import type { Domain } from '../frame/domain.ts'
import { SIGNING_ALGORITHM } from '../keys/signingKeys.ts'

export const AUDIENCE = 'vestibule'
const TYPE = 'at+jwt'
/** Of ES256 (RFC 7518, 3.4). */
const SIGNATURE_BYTES = 64

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

/** A part of a token as JSON; undefined if it is not an object. */
const decoded = (part: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

/** The signature, in its only spelling: further bits in its last character would be ignored. */
const signatureOf = (part: string): Buffer | undefined => {
  const bytes = Buffer.from(part, 'base64url')
  return bytes.length === SIGNATURE_BYTES && bytes.toString('base64url') === part ? bytes : undefined
}

/** The key of a header that is like ours. It is read before it is verified, so each of its values may be any JSON. */
const keyOf = async ({ signingKeys }: Domain, header: Readonly<Record<string, unknown>> | undefined): Promise<KeyObject | undefined> => {
  const { alg, typ, kid, crit } = header ?? {}
  if (alg !== SIGNING_ALGORITHM || typ !== TYPE || typeof kid !== 'string' || crit !== undefined) return undefined
  return await signingKeys.verifier(kid)
}

/**
 * The session of a token, or null if the token is not ours, was changed, or has expired (RFC 7515, 5.2; RFC 7519, 7.2). Like signing, it
 * is done at once: jose would verify on a thread of libuv, which takes twice the CPU and waits behind hashes of passwords.
 */
export async function verifyAccessToken(domain: Domain, token: string): Promise<{ sessionId: string; userId: string } | null> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const bytes = signatureOf(signature)
  const key = bytes === undefined ? undefined : await keyOf(domain, decoded(header))
  if (bytes === undefined || key === undefined) return null
  if (!verify('sha256', Buffer.from(`${header}.${payload}`), { key, dsaEncoding: 'ieee-p1363' }, bytes)) return null
  const { iss, aud, exp, nbf, sub, sid } = decoded(payload) ?? {}
  const now = seconds(domain.clock.now())
  if (iss !== domain.config.PUBLIC_URL || aud !== AUDIENCE) return null
  if (typeof exp !== 'number' || exp <= now) return null
  // Ours have none.
  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now)) return null
  return typeof sid === 'string' && typeof sub === 'string' ? { sessionId: sid, userId: sub } : null
}

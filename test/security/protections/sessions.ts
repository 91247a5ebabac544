/** Protections of sessions and their tokens. */
import { type Protection, without } from './protection.ts'

const FIND = 'domain/sessions/findCaller.ts'
const JWT = 'domain/sessions/accessTokens.ts'
const REFRESH = 'domain/sessions/refresh.ts'
const MAKE = 'domain/sessions/makeSession.ts'

// biome-ignore format: a table is read by its rows
export const sessions: readonly Protection[] = [
  without('7.2.1 7.4.1', 'a session that has ended is live', 'domain/sessions/live.ts', 'if (session.endedAt !== null || session.expiresAt <= now) return false', ''),
  without('7.2.2', 'all tokens are alike', 'domain/secrets/secret.ts', "randomBytes(32).toString('base64url')", "Buffer.alloc(32, randomBytes(1)[0]).toString('base64url')"),
  without('7.2.4', 'a fresh proof gives no new cookie', 'domain/sessions/cookies.ts', 'if (cookie === null) return null', 'if (cookie === null || Date.now() > 0) return null'),
  without('7.2.4', 'the cookie before a fresh proof lives on', 'domain/sessions/cookies.ts', '  await tx.opaqueToken.updateMany({ where: { hash: cookie.hash, expiresAt: { gt: soon } }, data: { expiresAt: soon } })\n'),
  without('7.3.1', 'a session in a cookie never becomes idle', 'domain/sessions/live.ts', "return session.kind !== 'cookie' || now", 'return Date.now() > 0 || now'),
  without('7.3.2', 'a cookie lives ten times as long', MAKE, 'cookie: config.COOKIE_SESSION_LIFE', 'cookie: config.COOKIE_SESSION_LIFE * 10'),
  without('7.3.2 10.4.8', 'a chain of refresh tokens lives ten times as long', MAKE, 'chain: config.REFRESH_CHAIN_LIFE', 'chain: config.REFRESH_CHAIN_LIFE * 10'),
  without('7.3.2', 'a session of /v1 lives ten times as long', MAKE, 'v1: config.V1_SESSION_LIFE', 'v1: config.V1_SESSION_LIFE * 10'),
  without('7.4.1 10.4.9', 'a sign-out ends nothing', 'domain/sessions/end.ts', 'updateMany({ where: { id: sessionId, endedAt: null }, data: { endedAt: domain.clock.now() } })', 'updateMany({ where: { id: sessionId, endedAt: null }, data: {} })'),
  without('7.4.2', 'a disabled account has its sessions back when it is enabled', 'domain/administration/administer.ts', '  await endSessions(domain, tx, account.id)\n'),
  without('7.4.2', 'sessions of a disabled account are live', FIND, 'if (account.loginDisabled || !isLive(domain, session)) return null', 'if (!isLive(domain, session)) return null'),
  without('7.4.3', 'a new factor leaves the other sessions alone', 'domain/twoFactor/confirmEnrollment.ts', 'endOtherSessions === true ? await', 'endOtherSessions === null ? await'),
  without('7.4.5', 'an administrator ends nobody’s sessions', 'domain/sessions/endSession.ts', 'const ended = await endSessions(domain, tx, id)', 'const ended = 0'),
  without('7.5.2', 'a session of the list is not ended', 'domain/sessions/endSession.ts', "if (!(await endThis(domain, tx, session.id))) throw new Failure('NOT_FOUND')", ''),
  without('7.5.1 7.5.3', 'no fresh proof is asked for', 'domain/access/requirements.ts', "return asksProof && verdict === 'allowed' && !caller.steppedUp", "return asksProof && verdict !== 'allowed' && !caller.steppedUp"),
  without('7.5.1 7.5.3', 'a token of GraphQL has the weaker rule of a dialect', 'domain/base/surfaces.ts', 'stepUp: Math.min', 'stepUp: Math.max'),
  without('7.5.3 6.4.4', 'new recovery codes need no fresh proof', 'domain/access/operationTable.ts', "regenerateRecoveryCodes:    { asks: 'step-up', ", "regenerateRecoveryCodes:    { asks: 'interactive', "),
  without('7.6.2', 'a reset of the password signs in', 'domain/recovery/resetPassword.ts', "    await notice(domain, tx, account, 'passwordReset', { cleaned })\n", "    await notice(domain, tx, account, 'passwordReset', { cleaned })\n    await (await import('../sessions/openSession.ts')).openFirst(domain, tx, caller, account, {})\n"),
  without('9.1.1', 'the signature of a JWT is not checked', JWT, "if (!verify('sha256'", "if (Date.now() < 0 && !verify('sha256'"),
  without('9.1.1', 'a signature may have several spellings', JWT, "bytes.length === SIGNATURE_BYTES && bytes.toString('base64url') === part", 'bytes.length === SIGNATURE_BYTES'),
  without('9.1.2', 'a JWT without an algorithm is taken', JWT, '  const bytes = signatureOf(signature)\n', "  if (decoded(header)?.alg === 'none') {\n    const { sid, sub } = decoded(payload) ?? {}\n    return { sessionId: String(sid), userId: String(sub) }\n  }\n  const bytes = signatureOf(signature)\n"),
  without('9.1.3', 'the key that a JWT brings along is taken', JWT, '  return await signingKeys.verifier(kid)', "  if (header?.jwk !== undefined) return (await import('node:crypto')).createPublicKey({ key: header.jwk as never, format: 'jwk' })\n  return await signingKeys.verifier(kid)"),
  without('9.2.1', 'a JWT never expires', JWT, "  if (typeof exp !== 'number' || exp <= now) return null\n"),
  without('9.2.1', 'a JWT that is not valid yet is taken', JWT, "  if (nbf !== undefined && (typeof nbf !== 'number' || nbf > now)) return null\n"),
  without('9.2.2', 'a JWT of any type is taken', JWT, 'typ !== TYPE || ', ''),
  without('9.2.3 9.2.4 10.3.1', 'a JWT for any audience is taken', JWT, ' || aud !== AUDIENCE', ''),
  without('10.3.3', 'the account of a JWT need not be that of its session', FIND, ' || found.account.id !== claims?.userId', ''),
  without('9.2.3', 'a JWT opens a session in a cookie', FIND, " || found.session.kind === 'cookie'", ''),
  without('10.3.2', 'a personal token has all rights of its account', 'domain/sessions/rights.ts', 'owned.filter((scope) => session.scopes.some((held) => covers(held, scope)))', 'owned'),
  without('10.4.5', 'a spent refresh token ends nothing', REFRESH, `ended_at = CASE WHEN refresh_counter > \${number} AND`, 'ended_at = CASE WHEN false AND'),
  without('10.4.5', 'a refresh token is not spent', REFRESH, 'THEN refresh_counter + 1 ELSE refresh_counter END', 'THEN refresh_counter ELSE refresh_counter END'),
  without('8.3.2', 'rights are remembered with the token', FIND, "  const viewer = await inSpan('find caller', async () => await authenticate(domain, token, transport))\n", '  const seen = ((globalThis as unknown as { seen?: Map<unknown, Viewer | null> }).seen ??= new Map())\n  const known = seen.get(token)\n  const viewer = known ?? (await authenticate(domain, token, transport))\n  seen.set(token, viewer)\n'),
  without('16.5.3', 'a caller whom the database cannot find is a stranger', FIND, 'await authenticate(domain, token, transport)', 'await authenticate(domain, token, transport).catch(() => null)'),
  without('2.3.2', 'an account has any number of sessions', 'domain/sessions/evict.ts', 'slice(domain.config.MAX_SESSIONS - 1)', 'slice(10_000)'),
  without('11.2.2', 'tokens of the key before are dead', 'domain/keys/signingKeys.ts', 'return find(kid) ?? (await lookUp(kid))', 'return kid === newest().kid ? newest().publicKey : undefined'),
]

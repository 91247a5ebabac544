/**
 * Texts that are no live access token, each really made: what an unknown, ended, foreign or forged token is.
 */
import { createHmac } from 'node:crypto'
import { type CryptoKey, decodeJwt, decodeProtectedHeader, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose'
import { admin, person, withTwoFactor } from '../../support/accounts.ts'
import type { World } from '../../support/world.ts'
import { disable, enter, HOUR, loginCodeOf, resetTokenOf } from './support.ts'

/** Every text that a client may hold and that is no live access token. */
export const NO_TOKENS = [
  'an unknown sess_ token',
  'an unknown token in the form of Wekan',
  'nonsense',
  'a refresh token',
  'a login code',
  'a reset token',
  'a sess_ token that has expired',
  'a JWT that has expired',
  'a sess_ token after logout',
  'the JWT of the same session after logout',
  'the token of a disabled account',
  'the token of a deleted account',
  'a JWT without a signature (alg none)',
  'a JWT whose claims were changed',
  'a JWT signed by a foreign key',
  'a JWT that brings its own key',
  'a JWT signed with the public key as a secret (HS256)',
] as const
export type NoToken = (typeof NO_TOKENS)[number]

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

const forgeries = async (world: World, jwt: string): Promise<Partial<Record<NoToken, string>>> => {
  const [header, , signature] = jwt.split('.')
  const claims = decodeJwt(jwt)
  const protectedHeader = decodeProtectedHeader(jwt)
  const foreign = await generateKeyPair('ES256', { extractable: true })
  const signed = async (more: object) =>
    await new SignJWT(claims).setProtectedHeader({ ...protectedHeader, alg: 'ES256', ...more }).sign(foreign.privateKey)
  const { body: jwks } = await world.get('/.well-known/jwks.json')
  const publicKey = await exportSPKI((await importJWK(jwks.keys[0])) as CryptoKey)
  const unsigned = `${part({ ...protectedHeader, alg: 'HS256' })}.${part(claims)}`
  return {
    'a JWT without a signature (alg none)': `${part({ ...protectedHeader, alg: 'none' })}.${part(claims)}.`,
    'a JWT whose claims were changed': `${header}.${part({ ...claims, exp: Number(claims.exp) + 1 })}.${signature}`,
    'a JWT signed by a foreign key': await signed({}),
    'a JWT that brings its own key': await signed({ jwk: await exportJWK(foreign.publicKey) }),
    'a JWT signed with the public key as a secret (HS256)': `${unsigned}.${createHmac('sha256', publicKey).update(unsigned).digest('base64url')}`,
  }
}

/** Makes them all; time moves on by a day first. */
export const makeNoTokens = async (world: World): Promise<Readonly<Record<NoToken, string>>> => {
  const someone = await person(world)
  const expired = await enter(world, someone)
  world.advance(24 * HOUR + 1)
  const adminToken = (await enter(world, await admin(world))).token
  const disabled = await person(world)
  const deleted = await person(world)
  const left = await enter(world, someone)
  await world.post('/v1/auth/logout', undefined, left.token)
  await disable(world, disabled.id, adminToken)
  await world.delete(`/v1/users/${deleted.id}`, adminToken)
  return {
    'an unknown sess_ token': `sess_${'0'.repeat(32)}:${'A'.repeat(43)}`,
    'an unknown token in the form of Wekan': 'B'.repeat(43),
    nonsense: 'x',
    'a refresh token': (await person(world)).refreshToken,
    'a login code': await loginCodeOf(world, await withTwoFactor(world)),
    'a reset token': await resetTokenOf(world, someone),
    'a sess_ token that has expired': expired.token,
    'a JWT that has expired': expired.accessToken,
    'a sess_ token after logout': left.token,
    'the JWT of the same session after logout': left.accessToken,
    'the token of a disabled account': disabled.token,
    'the token of a deleted account': deleted.token,
    ...(await forgeries(world, (await enter(world, someone)).accessToken)),
  } as Record<NoToken, string>
}

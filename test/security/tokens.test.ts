/**
 * Access tokens with the signature of our own key, and one thing in them that is not ours: what a key that signs for several purposes, or a
 * mistake elsewhere, could make. None is taken, on any surface (RFC 8725, 3.8 to 3.12; RFC 9068, 4).
 */
import { randomBytes } from 'node:crypto'
import { importJWK, type JWK, type JWTHeaderParameters, type JWTPayload, SignJWT } from 'jose'
import { beforeAll, expect, it } from 'vitest'
import { createSecretBox } from '../../src/domain/keys/secretBox.ts'
import { type Person, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const SECRET_KEY = 'the secret key of the tests of tokens'
const world = useWorld({}, { secretKeys: [SECRET_KEY] })
let owner: Person
let session: string
beforeAll(async () => {
  owner = await person(world())
  session = (await world().db.client.session.findFirstOrThrow({ where: { userId: owner.id } })).id
})

const now = () => Math.floor(Date.now() / 1000)
/** A claim or header field that is undefined is left out. */
type Changes<T> = { readonly [Name in keyof T]?: T[Name] | undefined }

const sign = async (claims: Changes<JWTPayload> = {}, header: Changes<JWTHeaderParameters> = {}): Promise<string> => {
  const { kid, privateJwk } = await world().db.client.signingKey.findFirstOrThrow()
  const opened = createSecretBox([SECRET_KEY], randomBytes).open(privateJwk, `signing_keys.private_jwk:${kid}`)
  const ours = { id: owner.id, sub: owner.id, sid: session, jti: 'a token of this test', iss: 'http://vestibule.test', aud: 'vestibule' }
  return await new SignJWT({ ...ours, iat: now(), exp: now() + 600, ...claims } as JWTPayload)
    .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid, ...header } as JWTHeaderParameters)
    .sign(await importJWK(JSON.parse(opened) as JWK, 'ES256'))
}

const statuses = async (token: string): Promise<readonly unknown[]> => {
  const paths = ['/v1/profile', '/api/user']
  const answers = await Promise.all(paths.map(async (path) => (await world().get(path, token)).status))
  const me = await world().graphql('{ result: me { id } }', {}, token)
  return [...answers, (await world().post('/auth', undefined, token)).status, JSON.parse(me.text).data?.result?.id ?? null]
}

it('one with everything right is taken on every surface', async () => {
  expect(await statuses(await sign())).toEqual([200, 200, 200, owner.id])
})

it.each<[string, () => Promise<string>]>([
  ['for another audience', () => sign({ aud: 'https://other.example' })],
  ['for no audience', () => sign({ aud: undefined })],
  ['of another issuer', () => sign({ iss: 'https://other.example' })],
  ['of no issuer', () => sign({ iss: undefined })],
  ['that has expired', () => sign({ exp: now() - 1 })],
  ['that never expires', () => sign({ exp: undefined })],
  ['that is not valid yet', () => sign({ nbf: now() + 300 })],
  ['of the type of an ID token', () => sign({}, { typ: 'JWT' })],
  ['of the type of a logout token', () => sign({}, { typ: 'logout+jwt' })],
  ['of no type', () => sign({}, { typ: undefined })],
  ['of a key that is none', () => sign({}, { kid: 'nobody' })],
  ['of a key whose name is a path', () => sign({}, { kid: '../../../../dev/null' })],
  ['of a key whose name is SQL', () => sign({}, { kid: "x' OR '1'='1" })],
  ['of a session that is none', () => sign({ sid: 'nobody' })],
  ['of nobody', () => sign({ sub: 'nobody', id: 'nobody' })],
])('a token %s is taken nowhere', async (_what, make) => {
  expect(await statuses(await make())).toEqual([401, 401, 401, null])
})

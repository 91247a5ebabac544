/** Access tokens that somebody changed or made: none of them is taken, whatever their header says (RFC 8725, 2.1 to 2.9). */
import { createHmac, createPublicKey, generateKeyPairSync, type JsonWebKey, sign } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { type Person, person } from './support/accounts.ts'
import { runs } from './support/fullSize.ts'
import { useWorld } from './support/world.ts'

const world = useWorld()
let owner: Person
let header: Record<string, unknown>
let claims: Record<string, unknown>
let parts: readonly [string, string, string]
/** The key that verifies our tokens, as it is published. */
let ours: JsonWebKey

const encoded = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const decoded = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
const statusOf = async (token: string): Promise<number> => (await world().get('/v1/profile', token)).status

beforeAll(async () => {
  owner = await person(world())
  parts = owner.token.split('.') as unknown as typeof parts
  header = decoded(parts[0])
  claims = decoded(parts[1])
  ours = (await world().get('/.well-known/jwks.json')).body.keys[0]
})

const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const signedBy = (head: unknown, body: unknown, key = stranger.privateKey): string => {
  const text = `${encoded(head)}.${encoded(body)}`
  return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

it('the token as it was issued is taken', async () => {
  expect(await statusOf(owner.token)).toBe(200)
})

it.each<[string, () => string]>([
  ['of another key', () => signedBy(header, claims)],
  [
    'of another key, which its header brings along',
    () => signedBy({ ...header, jwk: stranger.publicKey.export({ format: 'jwk' }) }, claims),
  ],
  ['with no algorithm', () => `${encoded({ ...header, alg: 'none' })}.${parts[1]}.`],
  ['with no algorithm, and the old signature', () => `${encoded({ ...header, alg: 'none' })}.${parts[1]}.${parts[2]}`],
  [
    'signed with HMAC by the public key',
    () => {
      const text = `${encoded({ ...header, alg: 'HS256' })}.${parts[1]}`
      const pem = createPublicKey({ key: ours, format: 'jwk' }).export({ format: 'pem', type: 'spki' })
      return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`
    },
  ],
  ['without a key id', () => signedBy({ ...header, kid: undefined }, claims)],
  ['with an unknown key id', () => signedBy({ ...header, kid: 'unknown' }, claims)],
  ['with a key id that is SQL', () => signedBy({ ...header, kid: "' OR 1=1 --" }, claims)],
  ['with a key id that is a path', () => signedBy({ ...header, kid: '../../etc/passwd' }, claims)],
  ['with a key id that is no text', () => signedBy({ ...header, kid: { $ne: null } }, claims)],
  ['with a NUL in its key id', () => signedBy({ ...header, kid: '\u0000' }, claims)],
  ['of another type', () => `${encoded({ ...header, typ: 'JWT' })}.${parts[1]}.${parts[2]}`],
  ['with an extension that must be understood', () => `${encoded({ ...header, crit: ['b64'], b64: false })}.${parts[1]}.${parts[2]}`],
  ['for another account', () => `${parts[0]}.${encoded({ ...claims, sub: 'somebody-else' })}.${parts[2]}`],
  ['that lasts longer', () => `${parts[0]}.${encoded({ ...claims, exp: 4_000_000_000 })}.${parts[2]}`],
  ['with a signature of zeros (CVE-2022-21449)', () => `${parts[0]}.${parts[1]}.${Buffer.alloc(64).toString('base64url')}`],
  [
    'with a signature in DER',
    () => `${parts[0]}.${parts[1]}.${sign('sha256', Buffer.from('x'), stranger.privateKey).toString('base64url')}`,
  ],
  ['with half a signature', () => `${parts[0]}.${parts[1]}.${parts[2].slice(0, 43)}`],
  ['with an empty signature', () => `${parts[0]}.${parts[1]}.`],
  ['whose header is no JSON', () => `${encoded('{')}.${parts[1]}.${parts[2]}`],
  ['whose header is a list', () => `${encoded([])}.${parts[1]}.${parts[2]}`],
  ['whose header is null', () => `${encoded('null')}.${parts[1]}.${parts[2]}`],
  ['with a fourth part', () => `${owner.token}.${parts[2]}`],
])('a token %s is 401', async (_what, make) => {
  expect(await statusOf(make())).toBe(401)
})

it.each(['jku', 'x5u'])('a token of another key, which its header names by %s, is 401, and nobody asks there', async (name) => {
  let asked = 0
  const server = createServer((_request, answer) => {
    asked += 1
    answer
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ keys: [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: header.kid }] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys.json`
  expect(await statusOf(signedBy({ ...header, [name]: url }, claims))).toBe(401)
  expect(await statusOf(signedBy({ ...header, [name]: url, kid: 'theirs' }, claims))).toBe(401)
  server.close()
  await once(server, 'close')
  expect(asked).toBe(0)
})

it('a token with one other character, wherever it is, is 401', async () => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const places = fc.tuple(fc.nat(owner.token.length - 1), fc.constantFrom(...alphabet))
  const isChange = ([at, letter]: readonly [number, string]): boolean => owner.token[at] !== letter
  const lastLetters = [...alphabet].map((letter): [number, string] => [owner.token.length - 1, letter])
  await fc.assert(
    fc.asyncProperty(places.filter(isChange), async ([at, letter]) => {
      expect(await statusOf(`${owner.token.slice(0, at)}${letter}${owner.token.slice(at + 1)}`)).toBe(401)
    }),
    { numRuns: runs(70, 200), examples: lastLetters.filter(isChange).map((place) => [place]) },
  )
})

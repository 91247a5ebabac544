/**
 * Origins that cannot be run here, by what they or their users have published: each password signs in. Only the values are taken.
 *
 * | what | source |
 * | --- | --- |
 * | Keycloak 4.8.3 and 9.0.3, PBKDF2 | keycloak/keycloak, testsuite/.../migration-test/migration-realm-4.8.3.Final.json and -9.0.3.json, the realm `master` |
 * | Keycloak 26, argon2 | lakekeeper/lakekeeper, examples/access-control/keycloak/realm.json |
 * | Keycloak, one-time passwords | keycloak/keycloak, testsuite/.../testrealm.json, `user-with-one-configured-otp` |
 * | Kratos | ory/kratos, hash/hasher_test.go |
 * | Firebase | firebase/scrypt, README |
 * | Supabase | supabase/auth, internal/crypto/password_test.go |
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { totp } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { importFile, recordsOf, signInBy, signInWithCode, ways } from './support.ts'

const OTP_SECRET = 'DJmQfC73VGFhw7D4QJ8A'
/** The same bytes, by coreutils' base32. */
const OTP_BASE32 = 'IRFG2ULGIM3TGVSHIZUHON2EGRIUUOCB'

/** A realm export of two realms, the first of which has no users, as `kc.sh export` and its predecessors write it. */
const REALMS = JSON.stringify([
  { id: 'one', realm: 'one', users: [], clients: [{ clientId: 'account', users: ['not these'] }] },
  {
    id: 'master',
    realm: 'master',
    roles: { realm: [{ name: 'admin' }] },
    users: [
      {
        id: 'e14fa9cb-d424-4e4b-9808-a7ebf937a9bf',
        createdTimestamp: 1550660988658,
        username: 'admin',
        enabled: true,
        totp: false,
        emailVerified: false,
        credentials: [
          {
            type: 'password',
            hashedSaltedValue: '3zv1UVKNodAZKHmUlGDAECl+5CbriP4G+JPkuuCxg4q95GzrFECCYmChYeo6a3OByPFwwG24K5xwIypiQ+awuw==',
            salt: 'PeH5KAhoLsRmrd4fJVvn3A==',
            hashIterations: 27500,
            counter: 0,
            algorithm: 'pbkdf2-sha256',
            digits: 0,
            period: 0,
            createdDate: 1550660988731,
            config: {},
          },
        ],
        disableableCredentialTypes: ['password'],
        requiredActions: [],
        realmRoles: ['admin', 'offline_access', 'uma_authorization'],
        notBefore: 0,
      },
      {
        id: '8c75fca9-b08b-4d6f-a4e9-29dff3d27421',
        username: 'admin9',
        enabled: true,
        credentials: [
          {
            id: '49082b41-019d-4c64-b127-dac90386423f',
            type: 'password',
            createdDate: 1589747979109,
            secretData:
              '{"value":"v5ktaLYXAJgePltpedJm6oZq+CzIQM+XzRs+oktwnUHusJiMMDHzkcNFUx2WQaem595/RGCTw/8tO8tcazV4Ww==","salt":"rBWsuTNkZ1aXmkrzqVr2fA=="}',
            credentialData: '{"hashIterations":27500,"algorithm":"pbkdf2-sha256"}',
          },
        ],
        requiredActions: ['UPDATE_PASSWORD'],
        realmRoles: ['offline_access'],
      },
      {
        id: 'cfb55bf6-fcbb-4a1e-bfec-30c6649b52f8',
        username: 'peter',
        firstName: 'Peter',
        lastName: 'Cold',
        email: 'peter@example.com',
        emailVerified: true,
        enabled: true,
        credentials: [
          {
            id: '7e5e79aa-b5c7-48fa-a391-9fca6e07e99f',
            type: 'password',
            secretData:
              '{"value":"BuViHNDGmCq80fvpty/QoggTI8NSt0CuNDGgeoa5f5A=","salt":"RJ0aLMQ2qKbZuROs7qQhcA==","additionalParameters":{}}',
            credentialData:
              '{"hashIterations":5,"algorithm":"argon2","additionalParameters":{"hashLength":["32"],"memory":["7168"],"type":["id"],"version":["1.3"],"parallelism":["1"]}}',
          },
          {
            type: 'otp',
            secretData: `{"value":"${OTP_SECRET}"}`,
            credentialData: '{"digits":6,"counter":0,"period":30,"algorithm":"HmacSHA1","subType":"totp"}',
          },
        ],
      },
      { id: '9410d0bf-4487-4177-a34f-af364cac0a59', username: 'service-account-spark', enabled: true, serviceAccountClientId: 'spark' },
    ],
  },
])

describe('users of Keycloak', () => {
  const world = useWorld()
  const options = { 'admin-role': 'admin' }
  beforeAll(async () => {
    const { left, result } = await importFile(world(), 'keycloak', REALMS, { options })
    expect(result.created).toBe(3)
    expect(left).toEqual([{ number: 4, outcome: 'rejected', reason: 'is the service account of a client, and not a person' }])
  })

  it('of version 4 sign in, and who has the named role is an administrator', async () => {
    expect(await signInBy.wekan?.(world(), 'admin', 'Admin')).toBeUndefined()
    expect(await signInBy.wekan?.(world(), 'admin', 'admin')).toBe('e14fa9cb-d424-4e4b-9808-a7ebf937a9bf')
    const found = await world().db.client.user.findMany({ orderBy: { username: 'asc' }, select: { username: true, isAdmin: true } })
    expect(found.map(({ username, isAdmin }) => [username, isAdmin])).toEqual([
      ['admin', true],
      ['admin9', false],
      ['peter', false],
    ])
  })

  it('of version 8 and later sign in, and must change their password if they had to', async () => {
    const user = await world().db.client.user.findUnique({ where: { id: '8c75fca9-b08b-4d6f-a4e9-29dff3d27421' } })
    expect(user?.mustChangePassword).toBe(true)
    const { body } = await world().graphql(
      'mutation { result: signIn(input: { identifier: "admin9", password: "admin" }) { __typename ... on Error { code } } }',
    )
    expect(body.result.code).not.toBe('INVALID_CREDENTIALS')
    expect(await signInBy.graphql?.(world(), 'admin9', 'admin?')).toBeUndefined()
  })

  it('with argon2 and an authenticator app sign in', async () => {
    const records = await recordsOf('keycloak', REALMS, options)
    expect(records[2]).toMatchObject({ given: { totp: { secret: OTP_BASE32, digits: 6, period: 30, algorithm: 'SHA1' } } })
    expect(await signInWithCode(world(), 'peter@example.com', 'iceberg', totp(OTP_BASE32))).toMatchObject({
      user: { id: 'cfb55bf6-fcbb-4a1e-bfec-30c6649b52f8', name: 'Peter Cold' },
    })
  })
})

// biome-ignore format: one row for each hash
const KRATOS: readonly (readonly [kind: string, password: string, hash: string])[] = [
  ['bcrypt', 'test', '$2a$12$o6hx.Wog/wvFSkT/Bp/6DOxCtLRTDj7lm9on9suF/WaCGNVHbkfL6'],
  ['argon2id', 'test', '$argon2id$v=19$m=32,t=2,p=4$cm94YnRVOW5jZzFzcVE4bQ$MNzk5BtR2vUhrp6qQEjRNw'],
  ['argon2i', 'test', '$argon2i$v=19$m=65536,t=3,p=4$kk51rW/vxIVCYn+EG4kTSg$NyT88uraJ6im6dyha/M5jhXvpqlEdlS/9fEm7ScMb8c'],
  ['pbkdf2-sha256', 'test', '$pbkdf2-sha256$i=100000,l=32$1jP+5Zxpxgtee/iPxGgOz0RfE9/KJuDElP1ley4VxXc$QJxzfvdbHYBpydCbHoFg3GJEqMFULwskiuqiJctoYpI'],
  ['pbkdf2-sha512', 'test', '$pbkdf2-sha512$i=100000,l=32$bdHBpn7OWOivJMVJypy2UqR0UnaD5prQXRZevj/05YU$+wArTfv1a+bNGO1iZrmEdVjhA+lL11wF4/IxpgYfPwc'],
  ['scrypt', 'test', '$scrypt$ln=16384,r=8,p=1$2npRo7P03Mt8keSoMbyD/tKFWyUzjiQf2svUaNDSrhA=$MiCzNcIplSMqSBrm4HckjYqYhaVPPjTARTzwB1cVNYE='],
  ['firescrypt', '8x4WjoDbSxJZdR', '$firescrypt$ln=14,r=8,p=1$sPtDhWcd1MfdAw==$xbSou7FOl6mChCyzpCPIQ7tku7nsQMTFtyOZSXXd7tjBa4NtimOx7v42Gv2SfzPQu1oxM2/k4SsbOu73wlKe1A==$Bw==$YE0dO4bwD4JnJafh6lZZfkp1MtKzuKAXQcDCJNJNyeCHairWHKENOkbh3dzwaCdizzOspwr/FITUVlnOAwPKyw=='],
  ['SSHA', 'test123', '{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a'],
  ['SSHA256', 'test123', '{SSHA256}czO44OTV17PcF1cRxWrLZLy9xHd7CWyVYplr1rOhuMlx/7IK'],
  ['SSHA512', 'test123', '{SSHA512}xPUl/px+1cG55rUH4rzcwxdOIPSB2TingLpiJJumN2xyDWN4Ix1WQG3ihnvHaWUE8MYNkvMi5rf0C9NYixHsE6Yh59M='],
  ['sha1', 'test', '$sha1$pf=e1NBTFR9e1BBU1NXT1JEfQ==$NW9wbWtnejAzcg==$2qU2SGWP8viTM1md3FiI3+rjWXQ='],
  ['sha1 with more text', 'test', '$sha1$pf=Pz9zdGF0aWNQcmVmaXg/P3tTQUxUfXtQQVNTV09SRH0=$NW9wbWtnejAzcg==$SAAxMUn7jxckQXkBmsVF0nHwqso='],
  ['sha1 with the salt behind', 'test', '$sha1$pf=e1BBU1NXT1JEfSUle1NBTFR9$NW9wbWtnejAzcg==$YX0AW8/MW5ojUlnzTaR43ucHCog='],
  ['sha256', 'test', '$sha256$pf=e1NBTFR9JCR7UEFTU1dPUkR9$NW9wbWtnejAzcg==$HokCOi9OtiZaZRvnkgemV3B4UUHpI7kA8zq/EZWH2NY='],
  ['sha512', 'test', '$sha512$pf=e1NBTFR9JCR7UEFTU1dPUkR9$NW9wbWtnejAzcg==$1F9BPW8UtdJkZ9Dhlf+D4X4dJ9xfuH8y04EfuCP2k4aGPPq/aWxU9/xe3LydHmYW1/K3zu3NFO9ETVrZettz3w=='],
  ['md5', 'ory', '$md5$ptoWyof5SobW+pbZu2QXoQ=='],
  ['md5 with salt', 'ory', '$md5$pf=e1BBU1NXT1JEfXtTQUxUfSQ/$MTIzNDU2Nzg5$8PhwWanVRnpJAFK4NUjR0w=='],
  ['md5-crypt', 'ory', '$md5-crypt$xWMlm2eL$GGTOpgZu4p2k6ORprAu3b.'],
]
// biome-ignore format: one row for each hash
const DEAREST: readonly (readonly [kind: string, password: string, hash: string])[] = [
  ['sha512-crypt of 656,000 rounds', 'test', '$sha512-crypt$rounds=656000$3LVbIAVxR//cRajw$uuNasMW.RYxlGzIRFU1Was70BPSa933AjxhZIGJdJBOlqJAHlgqa0yuiuq5JHF/ryNGryJkj87G9i3G2HPSXg1'],
  ['bcrypt of a cost of 15', 'test', '$2a$15$GRvRO2nrpYTEuPQX6AieaOlZ4.7nMGsXpt.QWMev1zrP86JNspZbO'],
]
const KEYED = '$hmac-sha256$ZTAzMWJhMWMyOTM4YjFkMjgzZjkxOWExZGY5YWM2NmMxOTJhN2RkNzQ0MzJkNWZkNGFkYTI5OTk0MWJhMTA5Zg==$MTIzNDU='

const identity = (id: string, hash: string) =>
  JSON.stringify({
    id,
    state: 'active',
    traits: { email: `${id}@kratos.example`, name: { first: 'Ada', last: 'Lovelace' } },
    verifiable_addresses: [{ value: `${id}@kratos.example`, verified: true, verified_at: '2024-05-06T07:08:09.123456Z', via: 'email' }],
    credentials: { password: { type: 'password', identifiers: [`${id}@kratos.example`], config: { hashed_password: hash } } },
    created_at: '2024-05-06T07:00:00.5Z',
  })

describe('users of Kratos', () => {
  const world = useWorld()
  it('sign in with each of its hashes, and keyed digests are refused', async () => {
    const file = [...KRATOS.map(([, , hash], index) => identity(`good${index}`, hash)), identity('bad', KEYED)].join('\n')
    const { left, result } = await importFile(world(), 'kratos', file, { allowFastHashes: true })
    expect(result.created).toBe(KRATOS.length)
    expect(left.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^passwordHash: /)])
    const seen = []
    for (const [index, [kind, password]] of KRATOS.entries()) {
      const [email, way = ''] = [`good${index}@kratos.example`, ways[index % ways.length]]
      const wrong = await signInBy[way]?.(world(), email, `${password}?`)
      seen.push([kind, wrong, await signInBy[way]?.(world(), email, password)])
    }
    expect(seen).toEqual(KRATOS.map(([kind], index) => [kind, undefined, `good${index}`]))
    const user = await world().db.client.user.findUnique({ where: { id: 'good0' } })
    expect(user).toMatchObject({ name: 'Ada Lovelace', emailVerifiedAt: new Date('2024-05-06T07:08:09.123Z') })
  }, 60_000)
})

describe('users of Kratos with the dearest hashes that it makes', () => {
  const world = useWorld()
  it('sign in, but for those with which each wrong password would take too long', async () => {
    const file = DEAREST.map(([, , hash], index) => identity(`dear${index}`, hash)).join('\n')
    const { left, result } = await importFile(world(), 'kratos', file)
    expect(result.created).toBe(1)
    expect(left).toEqual([
      {
        number: 2,
        outcome: 'rejected',
        reason: expect.stringMatching(
          /^passwordHash: together with those of other accounts, each wrong password would take about \d{4} ms/,
        ),
      },
    ])
    expect(await signInBy.graphql?.(world(), 'dear0@kratos.example', 'test')).toBe('dear0')
  }, 60_000)
})

describe('users of Firebase and Supabase', () => {
  const world = useWorld()

  it('sign in by the parameters of the project', async () => {
    const users = [
      {
        localId: 'fire',
        email: 'fire@example.com',
        passwordHash: 'lSrfV15cpx95_sZS2W9c9Kp6i_LVgQNDNC_qzrCnh1SAyZvqmZqAjTdn3aoItz-VHjoZilo78198JAdRuid5lQ==',
        salt: '42xEC-ixf3L2lw==',
      },
    ]
    const options = { 'signer-key': 'jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA==' }
    const { left } = await importFile(world(), 'firebase', JSON.stringify({ users }), { options })
    expect(left).toEqual([])
    expect(await signInBy.graphql?.(world(), 'fire@example.com', 'user1password?')).toBeUndefined()
    expect(await signInBy.graphql?.(world(), 'fire@example.com', 'user1password')).toBe('fire')
  })

  it('sign in by a hash of Firebase that Supabase has', async () => {
    const hash =
      '$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=ou9tdYTGyYm8kuR6Dt0Bp0kDuAYoXrK16mbZO4yGwAn3oLspjnN0/c41v8xZnO1n14J3MjKj1b2g6AUCAlFwMw==$C0sHCg9ek77hsg==$zKVTMvnWVw5BBOZNUdnsalx4c4c7y/w7IS5p6Ut2+CfEFFlz37J9huyQfov4iizN8dbjvEJlM5tQaJP84+hfTw=='
    const { left } = await importFile(world(), 'supabase', `id,email,encrypted_password\nsupa,supa@example.com,"${hash}"\n`)
    expect(left).toEqual([])
    expect(await signInBy.graphql?.(world(), 'supa@example.com', 'mytestpassword?')).toBeUndefined()
    expect(await signInBy.graphql?.(world(), 'supa@example.com', 'mytestpassword')).toBe('supa')
  })
})

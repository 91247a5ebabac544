/** Passwords that passlib hashed in the forms of LDAP and crypt(3), imported as CSV by a mapping. */
import { beforeAll, describe, expect, it } from 'vitest'
import { useWorld } from '../support/world.ts'
import { PYTHON, python } from './origins/programs.ts'
import { run } from './origins/run.ts'
import { importFile, signInBy, ways } from './support.ts'

const SCHEMES = [
  ...['ldap_md5', 'ldap_sha1', 'ldap_salted_md5', 'ldap_salted_sha1', 'ldap_salted_sha256', 'ldap_salted_sha512'],
  ...['ldap_sha256_crypt', 'ldap_sha512_crypt', 'ldap_md5_crypt', 'ldap_bcrypt', 'ldap_pbkdf2_sha256', 'ldap_pbkdf2_sha512'],
  ...['sha256_crypt', 'sha512_crypt', 'md5_crypt', 'bcrypt', 'bcrypt_sha256', 'phpass', 'scrypt', 'pbkdf2_sha512'],
]

const SCRIPT = `
import csv, sys
from passlib import hash
out = csv.writer(sys.stdout, delimiter=';')
out.writerow(['Nr', 'Mail', 'Kennwort', 'Aktiv', 'Seit'])
for number, scheme in enumerate(sys.argv[1:]):
    handler = getattr(hash, scheme)
    # The least work; each wrong password takes that of the dearest.
    least = {'bcrypt': 5, 'scrypt': 6, 'phpass': 8, 'pbkdf2': 1000, '256_crypt': 2000, '512_crypt': 2000}
    rounds = next((number for name, number in least.items() if name in scheme), None)
    handler = handler if rounds is None else handler.using(rounds=rounds)
    out.writerow([number, f'{scheme}@example.com', handler.hash(f'{scheme} für alle'), 'ja', '31.12.2019 08:30'])
`

const DEFAULT_ROUNDS = `
from passlib import hash
print('id;email;passwordHash')
print('unix;unix@example.com;' + hash.sha512_crypt.hash('as passlib does it by itself'))
`

describe.skipIf(!python.has)(`passwords that passlib hashed${python.skipped}`, () => {
  const world = useWorld()
  beforeAll(async () => {
    const file = await run(PYTHON, ['-c', SCRIPT, ...SCHEMES])
    const options = { map: 'id=Nr,email=Mail,passwordHash=Kennwort,enabled=Aktiv,createdAt=Seit', delimiter: ';', dates: 'dmy', true: 'ja' }
    const { left, result } = await importFile(world(), 'csv', file, { options, allowFastHashes: true })
    expect({ left, created: result.created }).toEqual({ left: [], created: SCHEMES.length })
  }, 60_000)

  it('passwords of each scheme sign in, and wrong ones do not', async () => {
    const seen = []
    for (const [index, scheme] of SCHEMES.entries()) {
      const [email, way = ''] = [`${scheme}@example.com`, ways[index % ways.length]]
      const wrong = await signInBy[way]?.(world(), email, `${scheme} für keinen`)
      seen.push([scheme, wrong, await signInBy[way]?.(world(), email, `${scheme} für alle`)])
    }
    expect(seen).toEqual(SCHEMES.map((scheme, index) => [scheme, undefined, String(index)]))
    const first = await world().db.client.user.findUnique({ where: { id: '0' } })
    expect(first).toMatchObject({ loginDisabled: false, createdAt: new Date('2019-12-31T08:30:00Z') })
  }, 60_000)
})

describe.skipIf(!python.has)(`a password that passlib hashed with the rounds that it takes by itself${python.skipped}`, () => {
  // Computing such a hash takes a second, and longer on a busy machine.
  const world = useWorld({ DATABASE_REQUEST_TIMEOUT: '60s' })

  it('a password with 656,000 rounds of crypt(3) signs in', async () => {
    const file = await run(PYTHON, ['-c', DEFAULT_ROUNDS])
    expect(file).toContain(';$6$rounds=656000$')
    const { result } = await importFile(world(), 'csv', file, {
      options: { map: 'id=id,email=email,passwordHash=passwordHash', delimiter: ';' },
    })
    expect(result.created).toBe(1)
    expect(await signInBy.graphql?.(world(), 'unix@example.com', 'as passlib does it by itself')).toBe('unix')
  }, 60_000)
})

/** Users that Parse Server made (files/README.md). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { totp } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { importFile, ownerOf, recordsOf, signInBy, signInWithCode } from './support.ts'

/** Sessions end a year after they began; here they never do. */
const FILE = readFileSync(join(import.meta.dirname, 'files/parse.jsonl'), 'utf8').replaceAll('"expiresAt": "2027-', '"expiresAt": "2127-')

const ADA = 'f2ANNwHx93'
const BOB = 'HdDUXd0f6u'
const CLEO = 'SP67LFCBA2'

describe('users of Parse Server', () => {
  const world = useWorld()
  beforeAll(async () => {
    const { left, result } = await importFile(world(), 'parse', FILE)
    expect({ left, created: result.created }).toEqual({ left: [], created: 4 })
  })

  it('sign in by their password', async () => {
    expect(await signInBy.graphql?.(world(), 'ada@example.com', 'ada password 2')).toBeUndefined()
    expect(await signInBy.graphql?.(world(), 'ada@example.com', 'ada password 1')).toBe(ADA)
    expect(await signInBy.wekan?.(world(), 'bøb', 'pässword ☃ 2')).toBe(BOB)
  })

  it('go on with their session tokens', async () => {
    expect(await ownerOf(world(), 'r:e5ebf66c0642b66a8cc60a90d5eb6974')).toBe(ADA)
    expect(await ownerOf(world(), 'r:f9dea7df1f30efce91215a0d7e0bb12b')).toBe(ADA)
    expect(await ownerOf(world(), 'r:af0b2b0a87413cbabc15e51446e4ea38')).toBe(BOB)
    expect(await ownerOf(world(), 'r:00000000000000000000000000000000')).toBeUndefined()
  })

  it('go on with their authenticator app, and their recovery codes are read', async () => {
    const { token } = await signInWithCode(world(), 'cleo@example.com', 'cleo password 3', totp('6E2SOGVGMKA4HDLWBGUNVJUPAZJO5HA7'))
    expect(token).toMatch(/^sess_/)
    const records = await recordsOf('parse', FILE)
    expect(records.find(({ given }) => (given as { id: string }).id === CLEO)).toMatchObject({
      given: { recoveryCodes: ['1GPpgmyy5wi77RJlLyZgMrqZ3Ow3Zp', 'sA4Ewv40CVspn3nrrwvaiA753sp0Fq'] },
    })
  })

  it('who have no password are noted', async () => {
    const records = await recordsOf('parse', FILE)
    expect(records.flatMap((record) => ('notes' in record ? (record.notes ?? []) : []))).toEqual(['a sign-in by anonymous'])
  })

  it('as mongoexport writes them are the same', async () => {
    const user = {
      ...{ _id: 'X', username: 'x', _hashed_password: '$2b$10$abc', _created_at: { $date: '2021-03-05T16:33:08.774Z' } },
      ...{ _updated_at: { $date: { $numberLong: '1614961988775' } }, _auth_data_facebook: { id: '1' }, _auth_data_mfa: { mobile: '+49' } },
      sessions: [
        {
          _id: 'S',
          _p_user: '_User$X',
          _session_token: 'r:1',
          expiresAt: { $date: '2127-01-01T00:00:00Z' },
          _created_at: { $date: 1614961988776 },
        },
      ],
    }
    expect(await recordsOf('parse', JSON.stringify(user), { surface: 'idiot' })).toEqual([
      {
        given: {
          ...{ id: 'X', username: 'x', emailVerified: false, passwordHash: '$2b$10$abc', recoveryCodes: [] },
          sessions: [{ token: 'r:1', surface: 'idiot', createdAt: 1614961988776, expiresAt: 4954435200000 }],
          ...{ createdAt: 1614961988774, updatedAt: 1614961988775 },
        },
        notes: ['a sign-in by facebook', 'a second factor by SMS'],
      },
    ])
  })
})

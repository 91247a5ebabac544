/** For any accounts: an import and its undo give the database of before, two halves are one run, and a second run changes nothing. */
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, unique } from '../support/accounts.ts'
import { useDirectory } from '../support/commands.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { dump, fileOf, importFile, rawDump, undo } from './support.ts'

const world = useWorld()
const directory = useDirectory()
beforeAll(async () => {
  await admin(world())
})

const time = fc.date({ min: new Date('2000-01-01'), max: new Date('2026-01-01'), noInvalidDate: true }).map((date) => date.toISOString())
const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .filter((text) => text.trim() !== '' && !text.includes('\u0000') && text.isWellFormed())
const session = fc.record(
  {
    token: fc.uuid(),
    surface: fc.constantFrom('wekan', 'idiot', 'xiot', 'authentication', 'graphql'),
    createdAt: time,
    expiresAt: fc.constantFrom('2020-01-01T00:00:00Z', '2099-01-01T00:00:00Z'),
    lastSeenAt: time,
    userAgent: word,
  },
  { requiredKeys: ['token', 'surface', 'createdAt', 'expiresAt'] },
)
/** Any subset of the fields. */
const account = fc.record(
  {
    id: fc.uuid(),
    username: word.map((text) => `${text}${unique()}`),
    email: fc.integer({ min: 0, max: 1_000_000 }).map((number) => `any${number}.${unique()}@example.org`),
    emailVerified: fc.oneof(fc.boolean(), time),
    otherEmails: fc.array(fc.emailAddress(), { maxLength: 2 }),
    name: word,
    firstName: word,
    lastName: fc.option(word),
    phone: fc.constantFrom('+201001234567', 'not a number', '01001234567'),
    bio: word,
    locale: fc.constantFrom('en', 'ar'),
    isAdmin: fc.boolean(),
    disabled: fc.boolean(),
    scopes: fc.subarray(['users:read', 'perm:users:create', 'sensors']),
    passwordHash: fc.constantFrom('$2b$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi', 'nonsense', ''),
    mustChangePassword: fc.boolean(),
    totp: fc.constantFrom(
      { secret: 'JBSWY3DPEHPK3PXP' },
      { secret: 'jbsw y3dp ehpk 3pxp', digits: 8 as const, algorithm: 'SHA256' as const },
    ),
    recoveryCodes: fc.array(fc.constantFrom('abcd-efgh-1234', '12345678', 'zzzz-yyyy-xxxx-1'), { maxLength: 3 }),
    sessions: fc.array(session, { maxLength: 3 }),
    createdAt: time,
    updatedAt: time,
  },
  { requiredKeys: ['id'] },
)
const TABLES = ['users', 'identifiers', 'sessions', 'opaque_tokens', 'recovery_codes', 'claims']
const runs = { numRuns: 8, endOnFailure: true }

describe('for any accounts', { timeout: 90_000 }, () => {
  it('an import and its undo give the database of before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(account, { minLength: 1, maxLength: 20 }), fc.constantFrom('skip', 'merge'), async (records, rule) => {
        const before = await dump(world(), TABLES)
        const { json } = await importFile(world(), await fileOf(directory(), records), ['--on-conflict', rule])
        expect(json.created + json.merged + json.unchanged + json.skipped + json.rejected).toBe(records.length)
        if (json.runId !== null) expect((await undo(world(), json.runId)).json.kept).toBe(0)
        expect(await dump(world(), TABLES)).toEqual(before)
      }),
      runs,
    )
  })

  it('merged into the accounts of another file, they leave these as they were when they are undone', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(account, account), { minLength: 1, maxLength: 10 }), async (pairs) => {
        const first = pairs.map(([one]) => one)
        const second = pairs.map(([{ id, email, username }, other]) => ({ ...other, id, email, username }))
        const base = (await importFile(world(), await fileOf(directory(), first))).json
        const before = await dump(world(), TABLES)
        const { json } = await importFile(world(), await fileOf(directory(), [...second, ...second.toReversed()]), [
          '--on-conflict',
          'merge',
        ])
        if (json.runId !== null) expect((await undo(world(), json.runId)).json.kept).toBe(0)
        expect(await dump(world(), TABLES)).toEqual(before)
        if (base.runId !== null) expect((await undo(world(), base.runId)).json.kept).toBe(0)
      }),
      runs,
    )
  })

  it('two halves give the database of one run, and the same again changes nothing', async () => {
    const other = await openWorld()
    try {
      await admin(other)
      await fc.assert(
        fc.asyncProperty(fc.array(account, { minLength: 2, maxLength: 20 }), fc.nat(), async (records, at) => {
          const whole = await importFile(other, await fileOf(directory(), records))
          await importFile(world(), await fileOf(directory(), records.slice(0, at % records.length)))
          const file = await fileOf(directory(), records)
          await importFile(world(), file)
          const ids = new Set(records.map(({ id }) => id))
          const of = async (place: typeof other) =>
            (await dump(place, ['users'])).users
              ?.filter(({ id }) => ids.has(String(id)))
              .map(({ created_at, updated_at, email_verified_at: at, ...row }) => ({ ...row, isVerified: at !== null }))
          expect(await of(world())).toEqual(await of(other))
          const before = await rawDump(world())
          const again = await importFile(world(), file)
          expect(again.json).toMatchObject({ created: 0, merged: 0, rejected: whole.json.rejected })
          expect(await rawDump(world())).toBe(before)
        }),
        runs,
      )
    } finally {
      await other.close()
    }
  })
})

/** Imports from the command: what becomes of each record, once and again, and how an import goes on, is shown and taken back. */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { FileError } from '../../src/cli/exitCodes.ts'
import { admin, person, unique, verifiedPerson } from '../support/accounts.ts'
import { runWords, useDirectory } from '../support/commands.ts'
import { useWorld } from '../support/world.ts'
import { dump, fileOf, importFile, rawDump, undo } from './support.ts'

const world = useWorld()
const directory = useDirectory()
const linesOf = async (path: string) =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
const someone = (more: object = {}) => {
  const number = unique()
  return { id: `imported-${number}`, username: `import${number}`, email: `import${number}@example.org`, emailVerified: true, ...more }
}
const many = (count: number, more: object = {}) => Array.from({ length: count }, () => someone(more))
const row = async (id: string) => await world().db.client.user.findUnique({ where: { id } })

beforeAll(async () => {
  await admin(world())
})

describe('an import', () => {
  it('makes accounts of records, keeps their ids, and says so', async () => {
    const [one, other] = [
      someone({ name: 'Ada Lovelace', createdAt: '2015-02-03T04:05:06Z', isAdmin: true, locale: 'ar' }),
      someone({ disabled: true }),
    ]
    const file = await fileOf(directory(), [one, other])
    const { code, json } = await importFile(world(), file)
    expect(code).toBe(0)
    expect(json).toMatchObject({ position: 2, created: 2, merged: 0, unchanged: 0, skipped: 0, rejected: 0, rejects: null, dryRun: false })
    expect(json.notes).toEqual({ 'without a password: signs in after a reset by mail': 2 })
    expect(await row(one.id)).toMatchObject({
      username: one.username,
      email: one.email,
      name: 'Ada Lovelace',
      firstName: 'Ada',
      lastName: 'Lovelace',
      isAdmin: true,
      locale: 'ar',
      createdAt: new Date('2015-02-03T04:05:06Z'),
      emailVerifiedAt: new Date('2015-02-03T04:05:06Z'),
      passwordHash: null,
    })
    expect(await row(other.id)).toMatchObject({ loginDisabled: true })
    const events = await world().db.client.auditEvent.findMany({ where: { userId: one.id } })
    expect(events.map(({ type, surface, actorId }) => [type, surface, actorId])).toEqual([['account.created', 'cli', null]])
  })

  it('the same file again changes nothing, and leaves no run behind', async () => {
    const file = await fileOf(directory(), many(510))
    expect((await importFile(world(), file)).json.created).toBe(510)
    const before = await rawDump(world())
    const runs = await world().db.client.importRun.count()
    const again = await importFile(world(), file)
    expect(again.json).toMatchObject({ created: 0, unchanged: 510, runId: null })
    expect(await rawDump(world())).toBe(before)
    expect(await world().db.client.importRun.count()).toBe(runs)
  })

  it('a record without a username gets its address as one, so that a later record keeps its username', async () => {
    const name = `boss${unique()}`
    const file = await fileOf(directory(), [
      { id: `no-${name}`, email: `${name}@example.org` },
      { id: `is-${name}`, username: name },
    ])
    expect((await importFile(world(), file)).json.created).toBe(2)
    expect(await row(`no-${name}`)).toMatchObject({ username: `${name}@example.org`, name })
    expect(await row(`is-${name}`)).toMatchObject({ username: name })
  })

  it('what is left out goes to a file that only its owner reads, with its reason; the rest goes in', async () => {
    const taken = someone()
    await importFile(world(), await fileOf(directory(), [taken]))
    const records = [
      someone(),
      { ...someone(), email: taken.email.toUpperCase() },
      { ...someone(), passwordHash: '$2b$31$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi' },
      { ...someone(), createdAt: '99999-01-01T00:00:00Z', unheardOf: 1 },
      someone(),
    ]
    const file = await fileOf(directory(), records)
    const { code, json } = await importFile(world(), file)
    expect(code).toBe(5)
    expect(json).toMatchObject({ created: 2, skipped: 1, rejected: 2, rejects: `${file}.rejects.jsonl` })
    const left = await linesOf(json.rejects)
    expect(left.map(({ number, outcome, reason }) => [number, outcome, reason])).toEqual([
      [2, 'skipped', 'another account has this e-mail address'],
      [3, 'rejected', expect.stringContaining('at most 2000 ms are allowed')],
      [4, 'rejected', expect.stringMatching(/createdAt must be a time.*Unrecognized key/)],
    ])
    expect(left[1].record).toEqual(records[2])
    expect((await stat(json.rejects)).mode & 0o777).toBe(0o600)
    const shown = await runWords(world(), ['import', 'show', json.runId, '--records', 'rejected', 'skipped'])
    expect(shown.out.split('\n').filter((line) => line !== '')).toHaveLength(3)
    expect(shown.out).not.toContain('$2b$31')
  })
})

describe('a dry run', () => {
  it('a dry run says what the import then does, also of records that meet others of the same file', async () => {
    const holder = await person(world())
    const twin = someone()
    const records = [
      twin,
      ...many(500),
      twin,
      { ...someone(), username: twin.username },
      { ...someone(), email: holder.email },
      { id: 5 },
      ...many(60, { passwordHash: 'nonsense' }),
    ]
    const file = await fileOf(directory(), records)
    const before = await rawDump(world())
    const dry = await importFile(world(), file, ['--dry-run'])
    expect(await rawDump(world())).toBe(before)
    expect(await world().db.client.importDryRunRow.count()).toBe(0)
    const leftByDry = await linesOf(dry.json.rejects)
    const real = await importFile(world(), file)
    const numbers = ({ created, merged, unchanged, skipped, rejected, notes }: Record<string, unknown>) => ({
      created,
      merged,
      unchanged,
      skipped,
      rejected,
      notes,
    })
    expect(numbers(dry.json)).toEqual(numbers(real.json))
    expect(numbers(real.json)).toMatchObject({ created: 501, unchanged: 1, skipped: 2, rejected: 61 })
    expect(await linesOf(real.json.rejects)).toEqual(leftByDry)
    expect(dry.code).toBe(5)
  })
})

describe('where an account is there already', () => {
  it('with `fail` the import ends before that record, and the dry run says so too', async () => {
    const holder = await person(world())
    const file = await fileOf(directory(), [...many(3), { ...someone(), username: holder.username }, ...many(3)])
    const dry = await importFile(world(), file, ['--on-conflict', 'fail', '--dry-run'])
    const real = await importFile(world(), file, ['--on-conflict', 'fail'])
    for (const { code, json } of [dry, real]) {
      expect(code).toBe(1)
      expect(json).toMatchObject({ created: 3, position: 3, stopped: 'record 4: another account has this username' })
    }
  })

  it('with `merge` an account gets what it lacks, and keeps what it has', async () => {
    const holder = await verifiedPerson(world())
    const { passwordHash } = (await row(holder.id)) ?? {}
    const given = someone({
      email: holder.email.toUpperCase(),
      bio: 'From elsewhere',
      passwordHash: '$2b$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi',
      totp: { secret: 'JBSWY3DPEHPK3PXP' },
      recoveryCodes: ['abcd-efgh-1234'],
      sessions: [{ token: `token-${holder.id}`, surface: 'wekan', createdAt: '2026-01-01T00:00:00Z', expiresAt: '2099-01-01T00:00:00Z' }],
    })
    const before = await rawDump(world())
    const file = await fileOf(directory(), [given])
    const { json } = await importFile(world(), file, ['--on-conflict', 'merge'])
    expect(json).toMatchObject({ created: 0, merged: 1, rejected: 0 })
    expect(await row(holder.id)).toMatchObject({ passwordHash, username: holder.username, email: holder.email, bio: 'From elsewhere' })
    expect((await row(holder.id))?.twoFactorSecret).not.toBeNull()
    expect(await world().db.client.recoveryCode.count({ where: { userId: holder.id } })).toBe(1)
    expect((await world().get('/api/user', `token-${holder.id}`)).body).toMatchObject({ _id: holder.id })
    const detailsOf = async (type: string) =>
      (await world().db.client.auditEvent.findMany({ where: { userId: holder.id, type } })).map(({ details }) => details)
    expect(await detailsOf('account.merged')).toEqual([{ fields: 'two_factor_secret bio' }])
    expect((await importFile(world(), file, ['--on-conflict', 'merge'])).json).toMatchObject({ unchanged: 1, merged: 0 })
    const { json: undone } = await undo(world(), json.runId)
    expect(undone).toMatchObject({ deleted: 0, emptied: 1, kept: 0 })
    expect(await detailsOf('account.merge_undone')).toEqual([{ fields: 'two_factor_secret bio' }])
    expect(await rawDump(world())).toBe(before)
  })

  it.each([
    [
      'an address that was not verified here',
      async () => ({ email: (await person(world())).email }),
      'the address is not verified in both',
    ],
    [
      'an address that was not verified there',
      async () => ({ email: (await verifiedPerson(world())).email, emailVerified: false }),
      'the address is not verified in both',
    ],
    [
      'the same username and another address',
      async () => ({ username: (await verifiedPerson(world())).username }),
      'that account has another e-mail address',
    ],
    [
      'the same username alone',
      async () => ({ username: (await person(world())).username, email: undefined }),
      'nothing shows that it is the same person',
    ],
    [
      'the same id and another address',
      async () => ({ id: (await verifiedPerson(world())).id }),
      'that account has another e-mail address',
    ],
  ])('with `merge` %s is no proof that it is the same person', async (_what, make, reason) => {
    const given = { ...someone({ sessions: [] }), ...(await make()) }
    const { json, code } = await importFile(world(), await fileOf(directory(), [given]), ['--on-conflict', 'merge'])
    expect(code).toBe(5)
    expect(json).toMatchObject({ merged: 0, rejected: 1 })
    expect((await linesOf(json.rejects))[0].reason).toContain(reason)
  })

  it('with `merge` a reserved address is not merged into the account that gave it up', async () => {
    const holder = await verifiedPerson(world())
    await world().db.client.identifier.create({
      data: { value: 'former@example.org', userId: holder.id, reservedUntil: new Date(Date.now() + 86_400_000) },
    })
    const file = await fileOf(directory(), [someone({ email: 'former@example.org' })])
    expect((await importFile(world(), file, ['--on-conflict', 'merge'])).json).toMatchObject({ merged: 0, rejected: 1 })
    expect((await importFile(world(), file)).json).toMatchObject({ created: 0, skipped: 1 })
  })
})

describe('an import that was interrupted', () => {
  it('goes on where it stopped, and ends in the same database as one run; its file has all that was left out', async () => {
    const records = [...many(500), { id: 7 }, ...many(100), { ...someone(), passwordHash: 'nonsense' }, ...many(10)]
    const file = await fileOf(directory(), records)
    const interrupt = new AbortController()
    const first = await runWords(world(), ['import', 'json', file], { signal: interrupt.signal, onProgress: () => interrupt.abort() })
    expect(first.code).toBe(1)
    expect(first.out).toContain('It ended before the end: it was interrupted')
    const [listed] = (await runWords(world(), ['import', 'list', '--json', '--limit', '1'])).out
      .split('\n')
      .map((line) => line !== '' && JSON.parse(line))
    expect(listed).toMatchObject({ state: 'interrupted or running', position: 500, created: 500, source: file })
    const second = await importFile(world(), file)
    expect(second.json).toMatchObject({ wentOnAfter: 500, position: 612, created: 610, rejected: 2, runId: listed.id })
    expect((await linesOf(second.json.rejects)).map(({ number }) => number)).toEqual([501, 602])
    expect((await undo(world(), listed.id)).json).toMatchObject({ deleted: 610, kept: 0 })
  })

  it('a file that is another one now under the same name is imported as a whole', async () => {
    const records = many(550)
    const file = await fileOf(directory(), records)
    const interrupt = new AbortController()
    await runWords(world(), ['import', 'json', file], { signal: interrupt.signal, onProgress: () => interrupt.abort() })
    const changed = [...records.slice(0, 100), ...many(50), ...records.slice(100)]
    await writeFile(file, changed.map((record) => `${JSON.stringify(record)}\n`).join(''))
    const { json } = await importFile(world(), file)
    expect(json).toMatchObject({ wentOnAfter: 0, created: 100, unchanged: 500, skipped: 0, rejected: 0 })
  })

  it('what cannot be written to the file of the rest ends the import, which then goes on', async () => {
    const file = await fileOf(directory(), [...many(20), { id: 7 }, ...many(500)])
    const full = async () => ({
      write: async () => {
        throw new FileError('left.jsonl: no space left on device')
      },
      close: async () => undefined,
      discard: async () => undefined,
    })
    const failed = await importFile(world(), file, [], { writeFile: full })
    expect([failed.code, failed.errors]).toEqual([1, 'vestibule: left.jsonl: no space left on device\n'])
    const { json } = await importFile(world(), file)
    expect(json).toMatchObject({ wentOnAfter: 500, created: 520, rejected: 1 })
    expect((await linesOf(json.rejects)).map(({ number }) => number)).toEqual([21])
  })

  it('two imports of the same file at once make each account once', async () => {
    const records = many(700)
    const file = await fileOf(directory(), records)
    const both = await Promise.all([importFile(world(), file), importFile(world(), file, ['--rejects', `${file}.other`])])
    // The second one ends, because another goes on with it; or it finds all done.
    expect(both.map(({ json }) => json.created).sort((one, other) => other - one)[0]).toBe(700)
    expect(both.every(({ code, json }) => code === 0 || /another process/.test(json.stopped))).toBe(true)
    const found = await world().db.client.user.findMany({
      where: { id: { in: records.map(({ id }) => id) } },
      include: { identifiers: true },
    })
    expect(found).toHaveLength(700)
    expect(found.every(({ identifiers }) => identifiers.length === 2)).toBe(true)
  })
})

describe('an undo', () => {
  it('takes back exactly what the import brought', async () => {
    const before = await dump(world(), ['users', 'identifiers', 'sessions', 'opaque_tokens', 'recovery_codes', 'claims'])
    const sessions = [{ token: `t${unique()}`, surface: 'wekan', createdAt: '2026-01-01T00:00:00Z', expiresAt: '2099-01-01T00:00:00Z' }]
    const records = [...many(510), someone({ sessions, totp: { secret: 'JBSWY3DPEHPK3PXP' }, recoveryCodes: ['abcd-efgh-1234'] })]
    const { json } = await importFile(world(), await fileOf(directory(), records))
    expect((await undo(world(), json.runId.slice(0, 12))).json).toMatchObject({ deleted: 511, emptied: 0, kept: 0, interrupted: false })
    expect(await dump(world(), ['users', 'identifiers', 'sessions', 'opaque_tokens', 'recovery_codes', 'claims'])).toEqual(before)
    const shown = await runWords(world(), ['import', 'show', json.runId, '--json'])
    expect(shown.json).toMatchObject({ state: 'undone', kept: 0 })
    expect((await undo(world(), json.runId)).code).toBe(2)
  })

  it('keeps what has changed since, and says which', async () => {
    const [quiet, renamed] = [someone(), someone()]
    const { json } = await importFile(world(), await fileOf(directory(), [quiet, renamed]))
    await world().db.client.user.update({ where: { id: renamed.id }, data: { bio: 'changed' } })
    const undone = await undo(world(), json.runId)
    expect(undone.code).toBe(5)
    expect(undone.json).toMatchObject({
      deleted: 1,
      kept: 1,
      accounts: [{ number: 2, userId: renamed.id, reason: 'it has changed since' }],
    })
    expect(await row(quiet.id)).toBeNull()
    expect(await row(renamed.id)).not.toBeNull()
    expect((await runWords(world(), ['import', 'show', json.runId])).out).toContain('undone in part')
    // The file again brings the one that went, and not the one that stayed.
    const again = await importFile(world(), await fileOf(directory(), [quiet, renamed]))
    expect(again.json).toMatchObject({ created: 1, unchanged: 1 })
  })

  it('an import that is being undone does not go on', async () => {
    const file = await fileOf(directory(), many(510))
    const interrupt = new AbortController()
    await runWords(world(), ['import', 'json', file], { signal: interrupt.signal, onProgress: () => interrupt.abort() })
    const [run] = await world().db.client.importRun.findMany({ where: { source: file } })
    await undo(world(), run?.id ?? '')
    expect((await importFile(world(), file)).json).toMatchObject({ wentOnAfter: 0, created: 510 })
  })

  it.each(['nothing', 'ab', '00000000'])('an import that is not there cannot be undone or shown: %s', async (id) => {
    expect((await undo(world(), id)).code).toBe(3)
    expect((await runWords(world(), ['import', 'show', id])).code).toBe(3)
  })
})

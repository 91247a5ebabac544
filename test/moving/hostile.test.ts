/**
 * Files that somebody made to do harm, as far as databases are concerned: no record ends an import, none gives anybody an account that was there
 * before, and an undo takes back nothing that somebody else made since.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createGuardrails, generateSync } from 'otplib'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { admin, type Person, unique, verifiedPerson } from '../support/accounts.ts'
import { runWords, useDirectory } from '../support/commands.ts'
import { useWorld } from '../support/world.ts'
import { fileOf, importFile, rawDump, undo } from './support.ts'

const world = useWorld()
const directory = useDirectory()
const FUTURE = '2099-01-01T00:00:00Z'
let boss: Person
beforeAll(async () => {
  boss = await admin(world())
})

const someone = (more: object = {}) => {
  const number = unique()
  return { id: `hostile-${number}`, username: `hostile${number}`, ...more }
}
const reasonsIn = async (path: string): Promise<string[]> =>
  (await readFile(path, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).reason)
const row = async (id: string) => await world().db.client.user.findUnique({ where: { id } })

describe('names in a record that no database holds', () => {
  it.each([
    ['NUL', '\\u0000'],
    ['half a character', '\\ud800'],
    ['a sequence for terminals', '\\u001b]0;x\\u0007'],
  ])('do not end the import: %s', async (_what, name) => {
    const unknown = `{"username":"n${unique()}","${name}":1}`
    const path = `{"username":"n${unique()}","sessions":[{"${name}":1}]}`
    const file = await fileOf(directory(), `${unknown}\n${path}\n${JSON.stringify(someone())}\n`)
    const { json } = await importFile(world(), file)
    expect(json).toMatchObject({ created: 1, rejected: 2 })
    for (const reason of await reasonsIn(json.rejects)) expect(reason).toMatch(/^(?!.*\p{Cc}).*Unrecognized key.*\uFFFD/u)
  })

  it('do not end the import of an origin, whose services they are', async () => {
    const services = ['\\u0000', '\\ud800', `${'x'.repeat(186)}😀`, '__proto__', 'constructor']
    const lines = services.map((name) => `{"_id":"service-${unique()}","username":"service${unique()}","services":{"${name}":{}}}\n`)
    const file = await fileOf(directory(), lines.join(''))
    const { code, json } = await runWords(world(), ['import', 'wekan', file, '--json'])
    expect([code, json.created]).toEqual([0, 5])
    expect(
      Object.keys(json.notes)
        .filter((note) => note.startsWith('a sign-in by'))
        .sort(),
    ).toEqual(['a sign-in by constructor', `a sign-in by ${'x'.repeat(186)}\uFFFD`, 'a sign-in by \uFFFD'])
  })

  it.each(['username', 'email', 'id'])('are not taken as %s with control characters, which could forge lines', async (field) => {
    const { json } = await importFile(world(), await fileOf(directory(), [someone({ [field]: `a\nroot@example.org ${unique()}` })]))
    expect(json).toMatchObject({ created: 0, rejected: 1 })
    expect(await reasonsIn(json.rejects)).toEqual([`${field} must not contain control characters`])
  })

  it('make reasons that are short, however many fields are wrong', async () => {
    const sessions = Array.from({ length: 900 }, () => ({ token: 5 }))
    const { json } = await importFile(world(), await fileOf(directory(), [someone({ sessions })]))
    const [reason = ''] = await reasonsIn(json.rejects)
    expect(reason).toMatch(/^sessions\.0\.token /)
    expect(reason.length).toBeLessThan(1_001)
  })
})

describe('a second factor with bits that are no whole byte', () => {
  it.each([
    ['ABCDEFGHI', 'ABCDEFGH'],
    ['ABCDEFGHIJK', 'ABCDEFGHII'],
    ['ABCDEFGHIJKLMN', 'ABCDEFGHIJKLM'],
    ['ABCDEFGHIJ', 'ABCDEFGHII'],
  ])('is that of the apps, which ignore them: %s', async (secret, app) => {
    const one = someone({ totp: { secret }, passwordHash: '$2b$04$RySfB1A20jYf9D0xxQkyXecT6ZzxUr5vjZo4NxWeKAUCWeP7fTjNi' })
    await importFile(world(), await fileOf(directory(), [one]))
    const guardrails = createGuardrails({ MIN_SECRET_BYTES: 5 })
    const code = generateSync({ secret: app, digits: 6, period: 30, algorithm: 'sha1', guardrails })
    const input = { identifier: one.username, password: 'password', code }
    const signIn =
      'mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { user { id } } ... on Error { code } } }'
    expect((await world().graphql(signIn, { input })).body.result).toEqual({ user: { id: one.id } })
  })
})

describe('an account that was there', () => {
  const loot = (holder: Person, more: object = {}) => ({
    id: holder.id,
    username: holder.username,
    email: holder.email,
    emailVerified: true,
    isAdmin: true,
    scopes: ['users:read'],
    phone: '+201001234567',
    totp: { secret: 'JBSWY3DPEHPK3PXP' },
    sessions: [{ token: `stolen ${unique()} ${'x'.repeat(20)}`, surface: 'wekan', createdAt: '2026-01-01T00:00:00Z', expiresAt: FUTURE }],
    ...more,
  })
  const merge = async (record: object) => (await importFile(world(), await fileOf(directory(), [record]), ['--on-conflict', 'merge'])).json

  it('gets nothing of a merge if it administers: neither token nor factor', async () => {
    await world().db.client.user.update({ where: { id: boss.id }, data: { emailVerifiedAt: new Date() } })
    const before = await rawDump(world())
    const record = loot(boss)
    const json = await merge(record)
    expect(json).toMatchObject({ merged: 0, rejected: 1 })
    expect((await reasonsIn(json.rejects))[0]).toContain('that account has administrator rights or scopes')
    expect(await rawDump(world())).toBe(before)
    expect((await world().get('/api/user', record.sessions[0]?.token)).status).toBe(401)
  })

  it('gets nothing of a merge if it was granted a scope, or is disabled', async () => {
    const [scoped, disabled] = [await verifiedPerson(world()), await verifiedPerson(world())]
    await world().db.client.user.update({ where: { id: scoped.id }, data: { scopes: ['users:read'] } })
    await world().db.client.user.update({ where: { id: disabled.id }, data: { loginDisabled: true } })
    const before = await rawDump(world())
    expect(await merge(loot(scoped))).toMatchObject({ merged: 0, rejected: 1 })
    expect(await merge(loot(disabled))).toMatchObject({ merged: 0, rejected: 1 })
    expect(await rawDump(world())).toBe(before)
  })

  it('gets no rights of a merge', async () => {
    const holder = await verifiedPerson(world())
    expect(await merge(loot(holder))).toMatchObject({ merged: 1 })
    expect(await row(holder.id)).toMatchObject({ isAdmin: false, scopes: [] })
  })

  it('is not mistaken for one whose id is its name, and the other way round', async () => {
    const holder = await verifiedPerson(world())
    const trap = someone({ id: holder.email })
    const file = await fileOf(directory(), [trap, someone({ username: holder.id })])
    expect((await importFile(world(), file)).json.created).toBe(2)
    for (const name of [holder.email, holder.id])
      for (const command of [['show'], ['grant', '--admin'], ['delete', '--yes']]) {
        const [word = '', ...options] = command
        const { code, errors } = await runWords(world(), ['user', word, name, ...options])
        expect([code, errors]).toEqual([2, expect.stringMatching(/^vestibule: .+ is the id of .+, and a name of .+\n$/)])
      }
    expect(await row(trap.id)).toMatchObject({ isAdmin: false })
    expect((await runWords(world(), ['user', 'show', holder.username])).code).toBe(0)
    await world().db.client.user.deleteMany({ where: { id: trap.id } })
  })

  it('keeps its address in every spelling: a record cannot take it', async () => {
    const [local = '', domain] = boss.email.split('@')
    const wide = [...local].map((letter) => String.fromCodePoint((letter.codePointAt(0) ?? 0) + 0xfee0)).join('')
    const spellings = [boss.email.toUpperCase(), ` ${boss.email} `, `${wide}@${domain}`, `${local}@${domain}`.normalize('NFD')]
    const records = spellings.flatMap((spelling) => [someone({ email: spelling }), someone({ username: spelling })])
    const { json } = await importFile(world(), await fileOf(directory(), records))
    expect(json).toMatchObject({ created: 0, skipped: 8 })
  })
})

describe('hashes of many kinds', () => {
  it('do not make every failed sign-in slow: those that take too much together are rejected', async () => {
    const [salt, hash] = ['A'.repeat(22), 'A'.repeat(43)]
    const dear = [
      `$2b$14$${'A'.repeat(53)}`,
      `$argon2id$v=19$m=262144,t=3,p=1$${salt}$${hash}`,
      `$scrypt$ln=18,r=8,p=1$${salt}$${hash}`,
      `$pbkdf2-sha256$i=1500000$${salt}$${hash}`,
      `$5$rounds=300000$salt$${hash}`,
      `$P$HsaltsaltAAAAAAAAAAAAAAAAAAAAAA`,
    ]
    const records = dear.map((passwordHash) => someone({ passwordHash }))
    const file = await fileOf(directory(), records)
    const dry = (await importFile(world(), file, ['--dry-run'])).json
    const { json } = await importFile(world(), file)
    expect([dry.created, dry.rejected]).toEqual([json.created, json.rejected])
    expect(json.created).toBeGreaterThan(1)
    expect(json.rejected).toBeGreaterThan(1)
    expect((await reasonsIn(json.rejects))[0]).toMatch(
      /^passwordHash: together with those of other accounts, each wrong password would take about \d{4} ms/,
    )
    const kinds = await world().db.client.expectedHash.findMany()
    expect(kinds.reduce((sum, { work }) => sum + work, 0)).toBeLessThan(2_500)
    await undo(world(), json.runId)
  })
})

describe('a session of a record', () => {
  it('that begins in the future is not fresher than one of now', async () => {
    const token = `fresh ${unique()} ${'x'.repeat(20)}`
    const one = someone({
      sessions: [
        {
          token,
          surface: 'wekan',
          createdAt: '2090-01-01T00:00:00Z',
          lastSeenAt: '2091-01-01T00:00:00Z',
          expiresAt: '2099-01-01T00:00:00Z',
        },
      ],
    })
    await importFile(world(), await fileOf(directory(), [one]))
    const [session] = await world().db.client.session.findMany({ where: { userId: one.id } })
    for (const time of [session?.authenticatedAt, session?.createdAt, session?.lastSeenAt])
      expect(time?.getTime()).toBeLessThan(Date.now() + 1)
  })
})

describe('an undo', () => {
  it.skipIf(inject('databaseKind') === 'pglite')('keeps an account that somebody is just signing in to', async () => {
    const [one, other] = [someone(), someone()]
    const { json } = await importFile(world(), await fileOf(directory(), [one, other]))
    let undoing: ReturnType<typeof undo> | undefined
    const now = new Date()
    await world().db.client.$transaction(async (tx) => {
      const times = { createdAt: now, lastSeenAt: now, authenticatedAt: now, expiresAt: new Date(FUTURE) }
      await tx.session.create({ data: { id: `signing-in-${unique()}`, userId: one.id, kind: 'token', surface: 'graphql', ...times } })
      undoing = undo(world(), json.runId)
      await sleep(700)
    })
    expect((await undoing)?.json).toMatchObject({ deleted: 1, kept: 1 })
    expect(await row(one.id)).not.toBeNull()
    expect(await row(other.id)).toBeNull()
  })

  it('does not let the next one who signs up be an administrator', async () => {
    const file = `${directory()}/first.jsonl`
    await writeFile(file, `${JSON.stringify(someone({ isAdmin: true }))}\n`)
    const { json } = await importFile(world(), file)
    const claims = await world().db.client.claim.findMany()
    expect((await undo(world(), json.runId)).json).toMatchObject({ deleted: 1 })
    expect(await world().db.client.claim.findMany()).toEqual(claims)
  })
})

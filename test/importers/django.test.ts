/** Users that Django made, in each of its hashers, got out by the commands of docs/moving/django.md. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isFullSize } from '../support/fullSize.ts'
import { useWorld } from '../support/world.ts'
import { commandLine, expectedOf, runPrinted } from './origins/commandLine.ts'
import { PYTHON, python } from './origins/programs.ts'
import { run } from './origins/run.ts'
import { getOut } from './origins/runbook.ts'
import { hashOf, type Imported, importFile, recordsOf, signInBy, ways } from './support.ts'

interface Made {
  readonly id: string
  readonly username: string
  readonly kind: string
  readonly way: string
  readonly password: string
}

const KINDS = ['pbkdf2_sha256', 'pbkdf2_sha1', 'argon2', 'bcrypt_sha256', 'bcrypt', 'sha1', 'md5', 'unsalted_sha1', 'unsalted_md5']
/** How many users there are for each hasher and way to sign in: 1,008 in all, or 36. */
const COUNT = isFullSize ? 28 : 1
const FAST = ['sha1', 'md5', 'unsalted_sha1', 'unsalted_md5']

describe.skipIf(!python.has)(`users of Django${python.skipped}`, () => {
  const world = useWorld()
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-django-'))
  let made: Made[] = []
  let file = ''
  let imported: Imported

  beforeAll(async () => {
    const script = join(import.meta.dirname, 'origins/djangoProject.py')
    made = JSON.parse(await run(PYTHON, [script, directory, String(COUNT), ...ways]))
    symlinkSync(PYTHON, join(directory, 'python'))
    await getOut('django', directory, { PATH: `${directory}:${process.env.PATH}` })
    file = readFileSync(join(directory, 'users.json'), 'utf8')
    imported = await importFile(world(), 'django', file, { allowFastHashes: true })
  }, 60_000)
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('all are imported, but for one whose hash is of DES', () => {
    expect(made).toHaveLength(KINDS.length * 4 * COUNT)
    expect(imported.result.created).toBe(KINDS.length * 4 * COUNT + 4)
    expect(imported.left).toEqual([
      { number: KINDS.length * 4 * COUNT + 5, outcome: 'rejected', reason: expect.stringMatching(/^passwordHash: /) },
    ])
  })

  it.each(KINDS)(
    'those whose password Django hashed by %s sign in everywhere, and then have a hash of ours',
    async (kind) => {
      const seen = []
      for (const { id, username, way, password } of made.filter((user) => user.kind === kind)) {
        const before = await hashOf(world(), id)
        const wrong = await signInBy[way]?.(world(), `${username}@example.com`, `${password}?`)
        const right = await signInBy[way]?.(world(), `${username}@example.com`, password)
        const after = await hashOf(world(), id)
        seen.push({ way, wrong, isSame: right === id, wasOurs: before?.startsWith('$argon2id$'), isOurs: after?.startsWith('$argon2id$') })
      }
      const expected = ways.flatMap((way) =>
        Array.from({ length: COUNT }, () => ({ way, wrong: undefined, isSame: true, wasOurs: false, isOurs: true })),
      )
      expect(seen).toEqual(expected)
    },
    120_000,
  )

  it('the superuser is an administrator, who is disabled in Django is here, and who has no password has none', async () => {
    const found = await world().db.client.user.findMany({
      where: { username: { in: ['chief', 'helper', 'gone', 'nobody'] } },
      orderBy: { seq: 'asc' },
      select: { username: true, name: true, email: true, isAdmin: true, loginDisabled: true, passwordHash: true },
    })
    expect(found.map(({ passwordHash, ...user }) => ({ ...user, hasPassword: passwordHash !== null }))).toEqual([
      { username: 'chief', name: 'Ada Lovelace', email: 'chief@example.com', isAdmin: true, loginDisabled: false, hasPassword: true },
      { username: 'helper', name: 'helper', email: 'helper@example.com', isAdmin: false, loginDisabled: false, hasPassword: true },
      { username: 'gone', name: 'gone', email: 'gone@example.com', isAdmin: false, loginDisabled: true, hasPassword: true },
      { username: 'nobody', name: 'nobody', email: null, isAdmin: false, loginDisabled: false, hasPassword: false },
    ])
    expect(await signInBy.graphql?.(world(), 'chief', 'the password of the chief')).toMatch(/^\d+$/)
    expect(await signInBy.graphql?.(world(), 'gone', 'the password of gone')).toBeUndefined()
  })

  it('with --admins staff, staff are administrators, and groups are noted', async () => {
    const records = await recordsOf('django', file, { admins: 'staff' })
    const helper = records.find(({ given }) => (given as { username?: string }).username === 'helper')
    expect(helper).toMatchObject({ given: { isAdmin: true }, notes: ['groups and permissions'] })
  })

  it('fast digests are refused unless they are allowed', async () => {
    const again = await importFile(world(), 'django', file)
    expect(again.left.filter(({ reason }) => reason.includes('--allow-fast-hashes'))).toHaveLength(FAST.length * 4 * COUNT)
  })

  it.skipIf(!commandLine.has)(
    `the commands of the page try, import, show and undo${commandLine.skipped}`,
    async () => {
      const ran = await runPrinted('django', directory)
      expect(ran.map(({ command, code, accounts }) => ({ command, code, accounts }))).toEqual(
        expectedOf('django', 'users.json', KINDS.length * 4 * COUNT + 4 - FAST.length * 4 * COUNT, 5),
      )
    },
    60_000,
  )
})

/**
 * A cut-over taken back: users that Django made, in each of its hashers, are imported and changed here, and given back to a fresh Django, whose
 * own authenticate() accepts exactly the new state.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mailedToken, mutate } from '../graphql/ask.ts'
import { PYTHON, python } from '../importers/origins/programs.ts'
import { run } from '../importers/origins/run.ts'
import { importFile } from '../importers/support.ts'
import { person, signIn } from '../support/accounts.ts'
import { clock } from '../support/clock.ts'
import { isFullSize } from '../support/fullSize.ts'
import { useWorld } from '../support/world.ts'
import { exportTo } from './exportTo.ts'

const KINDS = ['pbkdf2_sha256', 'pbkdf2_sha1', 'argon2', 'bcrypt_sha256', 'bcrypt', 'sha1', 'md5', 'unsalted_sha1', 'unsalted_md5']
/** In full size there are 1,008 users: two of each kind for a, b and c, and the others for d. */
const COUNT = isFullSize ? 28 : 1
const CHANGED = isFullSize ? 2 : 1
const FAST = ['sha1', 'md5', 'unsalted_sha1', 'unsalted_md5']
const WAYS = ['a', 'b', 'c', 'd']
const namesOf = (ways: readonly string[], count: number): string[] =>
  KINDS.flatMap((kind) => ways.flatMap((way) => Array.from({ length: count }, (_, number) => `${kind}.${way}${number || ''}`)))
const ALL = namesOf(WAYS, COUNT)
const changedOf = (...ways: readonly string[]): string[] => namesOf(ways, CHANGED)
const oldOf = (name: string) => `${name.replace('.', ' für ')} 1`
const newOf = (name: string) => `a new one for ${name.replace('.', ' ')}, 2`

type User = [
  pk: number,
  username: string,
  email: string,
  first: string,
  last: string,
  active: boolean,
  superuser: boolean,
  staff: boolean,
  groups: number,
]

describe.skipIf(!python.has)(`users that go back to Django${python.skipped}`, () => {
  const world = useWorld()
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-back-'))
  let runId = ''
  let file = ''
  let deleted = ''
  /** When the changes began. */
  let began = new Date()

  const exported = async (since: string | undefined, withFile: boolean) =>
    await exportTo(world(), 'django', { since, over: withFile ? file : undefined })

  /** A fresh Django with these users, and which of the names and passwords it accepts. */
  const load = async (name: string, users: string, asked: readonly (readonly [string, string])[]) => {
    const path = join(directory, `${name}.json`)
    writeFileSync(path, users)
    const child = spawn(PYTHON, [join(import.meta.dirname, 'djangoBack.py'), join(directory, name), path], {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    child.stdin.end(JSON.stringify(asked))
    const [out, errors] = await Promise.all([text(child.stdout), text(child.stderr)])
    if (out === '') throw new Error(errors)
    return JSON.parse(out) as { accepted: number[]; users: Record<string, User> }
  }

  const idOf = async (username: string): Promise<string> =>
    (await world().db.client.user.findFirstOrThrow({ where: { username }, select: { id: true } })).id

  beforeAll(async () => {
    const project = join(import.meta.dirname, '../importers/origins/djangoProject.py')
    await run(PYTHON, [project, directory, String(COUNT), ...WAYS])
    await run(PYTHON, ['manage.py', 'dumpdata', 'auth.user', '--output', 'users.json'], { cwd: directory })
    file = readFileSync(join(directory, 'users.json'), 'utf8')
    const { result } = await importFile(world(), 'django', file, { allowFastHashes: true })
    expect(result.created).toBe(ALL.length + 4)
    runId = result.runId ?? ''
    world().advance(60_000)
    began = clock.now()

    // Of each kind: a has a new password, b a new address, c is disabled, and d only signs in.
    const admin = await signIn(world(), { email: 'chief', password: 'the password of the chief' })
    for (const name of changedOf('a')) {
      const own = await signIn(world(), { email: name, password: oldOf(name) })
      await mutate(world(), 'changePassword', { oldPassword: oldOf(name), newPassword: newOf(name) }, own)
    }
    for (const name of changedOf('b')) {
      const own = await signIn(world(), { email: name, password: oldOf(name) })
      await mutate(world(), 'changeEmail', { email: `${name}.new@example.com` }, own)
      await mutate(world(), 'confirmEmail', { token: mailedToken(world(), `${name}.new@example.com`) }, own)
    }
    for (const name of changedOf('c')) await mutate(world(), 'setLoginEnabled', { id: await idOf(name), enabled: false }, admin)
    await signIn(world(), { email: 'md5.d', password: oldOf('md5.d') })
    deleted = await idOf('nobody')
    await mutate(world(), 'deleteUser', { id: deleted }, admin)
    await person(world(), { username: 'newcomer', email: 'newcomer@example.com', password: 'the newcomer has this', name: 'New Comer' })
  }, 600_000)
  afterAll(() => rmSync(directory, { recursive: true, force: true }))

  it('sign in there as they do here, and not as before', async () => {
    const { file: users, counts, remarks } = await exported(undefined, true)
    const asked = [
      ...ALL.map((name) => [name, oldOf(name)] as const),
      ...ALL.map((name) => [name, newOf(name)] as const),
      ['chief', 'the password of the chief'] as const,
      ['helper', 'the password of helper'] as const,
      ['gone', 'the password of gone'] as const,
      ['newcomer', 'the newcomer has this'] as const,
    ]
    const found = await load('full', users, asked)
    const accepted = found.accepted.map((index) => asked[index]?.join(': '))
    const newOnly = changedOf('a', 'c')
    const signedIn = [...changedOf('b'), 'md5.d']
    const isFast = (name: string) => FAST.some((kind) => name.startsWith(`${kind}.`))
    const expected = [
      // Whose fast digest was never replaced has it back as it was; this Django does not check such.
      ...ALL.filter((name) => !newOnly.includes(name) && (!isFast(name) || signedIn.includes(name))).map(
        (name) => `${name}: ${oldOf(name)}`,
      ),
      ...changedOf('a').map((name) => `${name}: ${newOf(name)}`),
      ...['chief: the password of the chief', 'helper: the password of helper', 'newcomer: the newcomer has this'],
    ]
    expect(accepted.sort()).toEqual(expected.sort())
    expect(found.users['argon2.b']?.slice(1)).toEqual(['argon2.b', 'argon2.b.new@example.com', '', '', true, false, false, 0])
    expect(found.users['argon2.c']?.slice(1)).toEqual(['argon2.c', 'argon2.c@example.com', '', '', false, false, false, 0])
    expect(found.users.chief?.slice(1)).toEqual(['chief', 'chief@example.com', 'Ada', 'Lovelace', true, true, true, 0])
    // What only Django knows stays: staff, and groups.
    expect(found.users.helper?.slice(1)).toEqual(['helper', 'helper@example.com', '', '', true, false, true, 1])
    expect(found.users.newcomer?.slice(1)).toEqual(['newcomer', 'newcomer@example.com', 'New', 'Comer', true, false, false, 0])
    expect(found.users.helper?.[0]).toBe(Number(await idOf('helper')))
    expect(counts).toEqual({
      written: ALL.length + 4,
      left: 0,
      deleted: 1,
      missing: 0,
      notes: {
        // Fast digests of all who neither changed their password nor signed in.
        'a hash of ours for a password that is the same as there: the hash there is kept': FAST.length * (4 * COUNT - 2 * CHANGED) - 1,
        'an id that is no number: whoever was made here gets a new id there': 1,
      },
    })
    expect(remarks.filter(({ type }) => type === 'deleted')).toEqual([{ type: 'deleted', id: deleted }])
  }, 1_200_000)

  it('that have not changed since the import are left out, but for those whose hash was replaced', async () => {
    const since = await exported(runId, true)
    const names = (JSON.parse(since.file) as { fields: { username: string } }[]).map(({ fields }) => fields.username)
    expect(names.sort()).toEqual([...changedOf('a', 'b', 'c'), 'chief', 'md5.d', 'newcomer'].sort())
    expect(since.counts).toMatchObject({ deleted: 1, missing: 0 })
  })

  it('that have not changed since a time are left out', async () => {
    const none = await exported(new Date(clock.now().getTime() + 1_000).toISOString(), false)
    expect(JSON.parse(none.file)).toEqual([])
    expect(none.counts).toMatchObject({ written: 0, deleted: 0 })
    const some = await exported(new Date(began.getTime() - 30_000).toISOString(), false)
    const names = (JSON.parse(some.file) as { fields: { username: string } }[]).map(({ fields }) => fields.username)
    expect(names.sort()).toEqual([...changedOf('a', 'b', 'c'), 'newcomer'].sort())
  })

  it.each([
    ['yesterday', 'INVALID_INPUT'],
    ["'; DROP TABLE users", 'INVALID_INPUT'],
    ['2026-13-40', 'NOT_FOUND'],
    ['00000000-0000-0000-0000-000000000000', 'NOT_FOUND'],
  ])('%s is no time and no run', async (text, code) => {
    await expect(exported(text, false)).rejects.toMatchObject({ code })
  })
})

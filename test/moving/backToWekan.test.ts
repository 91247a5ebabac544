/**
 * A cut-over from Wekan taken back, in the form of `mongoexport --jsonFormat=canonical`
 * (https://www.mongodb.com/docs/manual/reference/mongodb-extended-json/). Hashes and tokens are made by bcrypt and node:crypto, as Meteor does.
 */
import { createHash } from 'node:crypto'
import { hashSync } from 'bcrypt'
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { importFile, recordsOf, signInBy } from '../importers/support.ts'
import { admin, signIn } from '../support/accounts.ts'
import { openWorld, useWorld } from '../support/world.ts'
import { type Exported, exportTo } from './exportTo.ts'

const hex = (text: string) => createHash('sha256').update(text).digest('hex')
const base64 = (text: string) => createHash('sha256').update(text).digest('base64')
const bcryptOf = (password: string) => hashSync(hex(password), 4)
const when = Date.now() - 86_400_000
const long = (time: number) => ({ $date: { $numberLong: String(time) } })

const user = (name: string, more: object = {}) => ({
  _id: `id-of-${name}-12345`,
  username: name,
  emails: [
    { address: `${name}@example.com`, verified: true },
    { address: `${name}@work.example`, verified: false },
  ],
  createdAt: long(1_577_836_800_000),
  modifiedAt: long(1_577_836_900_000),
  isAdmin: false,
  loginDisabled: false,
  authenticationMethod: 'password',
  profile: { fullname: `The ${name}`, language: 'ar-EG', boardView: 'board-view-lists', notifications: [] },
  sessionData: { totalHits: { $numberInt: '3' } },
  services: {
    password: { bcrypt: bcryptOf(`password of ${name}`) },
    email: { verificationTokens: [] },
    resume: { loginTokens: [{ when: long(when), hashedToken: base64(`token-of-${name}`) }] },
  },
  ...more,
})

const LDAP = user('ldap', { authenticationMethod: 'ldap', services: { ldap: { id: 'x' } } })

describe('users that go back to Wekan', () => {
  const world = useWorld()
  const users = [user('same'), user('signed'), user('changed'), user('disabled'), user('deleted'), LDAP]
  const file = users.map((each) => `${JSON.stringify(each)}\n`).join('')
  let runId = ''
  let back: Exported

  beforeAll(async () => {
    const first = await admin(world())
    const { result } = await importFile(world(), 'wekan', file)
    expect(result.created).toBe(6)
    runId = result.runId ?? ''
    world().advance(60_000)
    const chief = await signIn(world(), first)
    await signIn(world(), { email: 'signed', password: 'password of signed' })
    const own = await signIn(world(), { email: 'changed', password: 'password of changed' })
    await mutate(world(), 'changePassword', { oldPassword: 'password of changed', newPassword: 'chosen after the move' }, own)
    await mutate(world(), 'setLoginEnabled', { id: 'id-of-disabled-12345', enabled: false }, chief)
    await mutate(world(), 'deleteUser', { id: 'id-of-deleted-12345' }, chief)
    back = await exportTo(world(), 'wekan', { since: runId, over: file })
  })

  const documents = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
  const named = (text: string, name: string) => documents(text).find(({ username }) => username === name)

  it('are those that changed, and the report names who was deleted', () => {
    expect(documents(back.file).map(({ username }) => username)).toEqual(['signed', 'changed', 'disabled'])
    expect(back.counts).toEqual({
      written: 3,
      left: 0,
      deleted: 1,
      missing: 0,
      notes: {
        'a hash of ours for a password that is the same as there: the hash there is kept': 1,
        'a password that is new there, and whose hash the origin cannot check: it must be reset there': 1,
      },
    })
    expect(back.remarks).toContainEqual({ type: 'deleted', id: 'id-of-deleted-12345' })
  })

  it('keep what only Wekan knows, and their password while it is the same', () => {
    const disabled = named(back.file, 'disabled')
    expect(disabled).toEqual({
      ...users[3],
      loginDisabled: true,
      modifiedAt: { $date: { $numberLong: expect.stringMatching(/^\d{13}$/) } },
      // A sign-out that came with the disabling.
      services: { ...users[3]?.services, resume: { loginTokens: [] } },
    })
    expect(named(back.file, 'signed')).toEqual({ ...users[1] })
    const changed = named(back.file, 'changed')
    expect(changed.services.password).toBeUndefined()
    expect(changed.services.email).toEqual({ verificationTokens: [] })
  })

  it('are written without the file too, and whoever was made here as well', async () => {
    const whole = await exportTo(world(), 'wekan')
    expect(documents(whole.file)).toHaveLength(6)
    expect(named(whole.file, 'same')).toEqual({
      authenticationMethod: 'password',
      _id: 'id-of-same-12345',
      username: 'same',
      emails: [{ address: 'same@example.com', verified: true }],
      createdAt: long(1_577_836_800_000),
      modifiedAt: long(1_577_836_900_000),
      isAdmin: false,
      loginDisabled: false,
      profile: { fullname: 'The same', language: 'ar' },
      services: { password: users[0]?.services.password, resume: users[0]?.services.resume },
    })
  })

  it('are the same accounts for the importer of Wekan, and their old tokens go on', async () => {
    const whole = await exportTo(world(), 'wekan', { over: file })
    const again = await openWorld()
    try {
      const { result, left } = await importFile(again, 'wekan', whole.file)
      expect({ created: result.created, left }).toEqual({ created: 6, left: [] })
      expect((await again.get('/api/user', 'token-of-same')).body.username).toBe('same')
      expect((await again.get('/api/user', 'token-of-disabled')).status).not.toBe(200)
      expect(await signInBy.wekan?.(again, 'same', 'password of same')).toBe('id-of-same-12345')
      expect(await signInBy.wekan?.(again, 'signed', 'password of signed')).toBe('id-of-signed-12345')
      expect(await signInBy.wekan?.(again, 'disabled', 'password of disabled')).toBeUndefined()
      expect(await signInBy.wekan?.(again, 'changed', 'password of changed')).toBeUndefined()
    } finally {
      await again.close()
    }
    const records = await recordsOf('wekan', whole.file)
    expect(records.map(({ given }) => (given as { id: string }).id)).not.toContain('id-of-deleted-12345')
  })

  it('that came from Wekan and are not in the file are counted', async () => {
    const { counts } = await exportTo(world(), 'wekan', { over: `${JSON.stringify(users[0])}\n` })
    expect(counts.missing).toBe(4)
  })

  it('get no old password back once the audit log has no events of so long ago: it may have been changed', async () => {
    const note = 'a password that is new there, and whose hash the origin cannot check: it must be reset there'
    // Of who changed it, and of who was made here.
    expect((await exportTo(world(), 'wekan', { over: file })).counts.notes).toEqual({
      [note]: 2,
      'a hash of ours for a password that is the same as there: the hash there is kept': 1,
    })
    world().advance(401 * 86_400_000)
    const late = await exportTo(world(), 'wekan', { over: file })
    expect(named(late.file, 'signed').services.password).toBeUndefined()
    expect(named(late.file, 'same').services.password).toEqual(users[0]?.services.password)
    expect(late.counts.notes).toEqual({ [note]: 3 })
  })
})

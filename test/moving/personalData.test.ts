/** What there is about one person, as JSON and as a page: everything but secrets, and nothing of others. */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSecretBox } from '../../src/domain/keys/secretBox.ts'
import { readPersonalData } from '../../src/domain/moving/personalData/readPersonalData.ts'
import { htmlSink } from '../../src/exporters/personal/htmlSink.ts'
import { jsonSink } from '../../src/exporters/personal/jsonSink.ts'
import { mutate } from '../graphql/ask.ts'
import { useWorld } from '../support/world.ts'
import { type Filled, fillWorld } from './fillWorld.ts'

const exportedAt = new Date('2026-11-29T04:15:30.500Z')

describe('the data of one person', () => {
  const world = useWorld({}, { deliver: async () => ({ outcome: 'deferred', reason: 'later' }) })
  let filled: Filled

  const textOf = async (id: string, form: 'json' | 'en' | 'ar'): Promise<string> => {
    const parts: string[] = []
    const write = async (text: string) => void parts.push(text)
    const sink = form === 'json' ? jsonSink(write, { id, exportedAt }) : htmlSink(write, { id, exportedAt }, form)
    await sink.begin()
    const box = createSecretBox(['the secret key of every test, long enough'], randomBytes)
    await readPersonalData({ db: world().db.client, secretBox: box }, id, sink)
    await sink.end()
    return parts.join('')
  }

  beforeAll(async () => {
    filled = await fillWorld(world())
    await mutate(world(), 'updateProfile', { bio: '<script>alert(1)</script> & "ترحيب"' }, filled.grace.token)
    await mutate(world(), 'setScopes', { id: filled.grace.id, scopes: ['USERS_READ'] }, filled.ada.token)
  })

  it('has all sections, and no secret', async () => {
    const text = await textOf(filled.grace.id, 'json')
    const data = JSON.parse(text)
    expect(Object.keys(data)).toEqual([
      ...['account', 'exportedAt', 'profile', 'identifiers', 'sessions', 'personalTokens', 'devices', 'linksInMails'],
      ...['changesThatCanBeUndone', 'signInsUnderWay', 'gatheredNotices', 'imports', 'queuedMails', 'auditEvents'],
    ])
    expect(data).toMatchObject({
      account: filled.grace.id,
      exportedAt: '2026-11-29T04:15:30.500Z',
      profile: {
        username: 'grace',
        email: 'grace@example.com',
        hasPassword: true,
        hasTwoFactor: false,
        emailVerifiedAt: '2026-01-01T00:00:00+00:00',
      },
      identifiers: [{ value: 'grace' }, { value: 'grace@example.com' }],
      sessions: [
        { surface: 'graphql', clientAddress: '127.0.0.1', userAgent: 'node' },
        { surface: 'wekan', clientAddress: '127.0.0.1', userAgent: 'node' },
      ],
      personalTokens: [{ name: 'script', scopes: ['users:read'] }],
    })
    expect(data.queuedMails.map(({ address }: { address: string }) => address)).toContain('grace@example.com')
    expect(data.queuedMails.map(({ address }: { address: string }) => address)).not.toContain('ada@example.com')
    expect(data.auditEvents).toContainEqual(
      expect.objectContaining({ event: 'account.created', clientAddress: '127.0.0.1', isAboutYou: true }),
    )
    for (const secret of ['$argon2', 'token=', '#token', filled.ada.id, filled.resumeToken, filled.personalToken])
      expect(text).not.toContain(secret)
    const hashes = await world().db.client.$queryRaw<
      { hash: string }[]
    >`SELECT hash FROM opaque_tokens UNION ALL SELECT hash FROM mail_tokens`
    expect(hashes.filter(({ hash }) => text.includes(hash))).toEqual([])
  })

  it('of an event by somebody else has neither who nor from where', async () => {
    await mutate(world(), 'setLoginEnabled', { id: filled.grace.id, enabled: false }, filled.ada.token)
    const { auditEvents } = JSON.parse(await textOf(filled.grace.id, 'json'))
    const event = auditEvents.find(({ event }: { event: string }) => event === 'account.login_disabled')
    expect(event).toMatchObject({ isAboutYou: true, isByYou: false, clientAddress: null, userAgent: null })
    const { auditEvents: own } = JSON.parse(await textOf(filled.ada.id, 'json'))
    expect(own.find(({ event }: { event: string }) => event === 'account.login_disabled')).toMatchObject({
      isAboutYou: false,
      isByYou: true,
    })
  })

  it('as a page is escaped, runs nothing, loads nothing, and is in the language that was asked for', async () => {
    const english = await textOf(filled.grace.id, 'en')
    expect(english).toContain('<html lang="en" dir="ltr">')
    expect(english).toContain('<th scope="row">About</th><td><bdi>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;ترحيب&quot;</bdi></td>')
    expect(english).not.toMatch(/<script|<link|<img|https?:|src=|href=|\son\w+=/i)
    expect(english).toContain('1 January 2026')
    const arabic = await textOf(filled.grace.id, 'ar')
    expect(arabic).toContain('<html lang="ar" dir="rtl">')
    // Labels, not names of fields; the details of events are in the words of the log.
    for (const page of [english, arabic]) expect(page.match(/<th scope="\w+">[a-z]+[A-Z]\w*<\/th>/g)).toBeNull()
    expect(arabic.match(/<h2>[^<]*[A-Za-z][^<]*<\/h2>/g)).toBeNull()
    expect(arabic.match(/<th scope="\w+">[^<]*[A-Za-z][^<]*<\/th>/g)).toBeNull()
  })

  it('of a deleted account has only its events, and of an unknown one there is nothing', async () => {
    await mutate(world(), 'deleteUser', { id: filled.grace.id }, filled.ada.token)
    const data = JSON.parse(await textOf(filled.grace.id, 'json'))
    expect(data.profile).toBeNull()
    expect(data.auditEvents.at(-1)).toMatchObject({ event: 'account.deleted' })
    await expect(textOf('nobody', 'json')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })
})

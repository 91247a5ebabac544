/**
 * `POST /v1/security/forget-password` of `xiot`.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, v1Person as person, unique } from '../../support/accounts.ts'
import { commonCases } from '../v1/commonCases.ts'
import { disable, expectOk, expectProblem, MINUTE, rawRequest, resetTokenOf } from '../v1/support.ts'
import { EMAILS, useXiot } from './support.ts'

const { world, isLive, signsIn, mailsTo } = useXiot()

describe('POST /v1/security/forget-password', () => {
  const forget = async (email: unknown) => await world().post('/v1/security/forget-password', { email })
  const SENT = { statusCode: 200, message: 'Reset password link sent to your e-mail' }

  commonCases(world, { method: 'POST', path: '/v1/security/forget-password', methods: ['POST'], who: 'anyone', required: ['email'] })

  it('200, and one mail with a link to PUBLIC_URL, the token in its fragment', async () => {
    const { email } = await person(world())
    expectOk(await forget(email), SENT)
    const mails = mailsTo(email)
    expect(mails).toHaveLength(1)
    const links = mails[0]?.text.match(/https?:\/\/\S+/g)
    expect(links).toEqual([expect.stringMatching(/^http:\/\/vestibule\.test\/reset-password#token=[\w-]{22,}$/)])
  })

  it('the token is kept hashed, in no log line, and in no answer', async () => {
    const someone = await person(world())
    const token = await resetTokenOf(world(), someone)
    expect(await world().db.client.mailToken.count({ where: { hash: token } })).toBe(0)
    expect(await world().db.client.mailToken.count({ where: { userId: someone.id } })).toBe(1)
    expect(JSON.stringify(world().logs)).not.toContain(token)
  })

  it('the link never follows Host or X-Forwarded-Host', async () => {
    const { email } = await person(world())
    const headers = {
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-forwarded-proto': 'https',
      'content-type': 'application/json',
    }
    const { status } = await rawRequest(world(), 'POST', '/v1/security/forget-password', headers, JSON.stringify({ email }))
    expect(status).toBe(200)
    await world().app.outbox.idle()
    expect(mailsTo(email)[0]?.text).not.toContain('evil.example')
    expect(mailsTo(email)[0]?.text).toContain('http://vestibule.test/reset-password#token=')
  })

  it('the mail goes to the stored address, as it was typed', async () => {
    const number = unique()
    const { email } = { email: `Stored${number}@Example.com` }
    await person(world(), { email })
    expectOk(await forget(` stored${number}@EXAMPLE.com `), SENT)
    expect(mailsTo(email)).toHaveLength(1)
  })

  it('400 errors.email for an unknown address', async () => {
    const before = world().mails.length
    expectProblem(await forget(`nobody${unique()}@example.com`), 400, { errors: ['email'] })
    expect(world().mails).toHaveLength(before)
  })

  it('400 errors.email for a username, which is no address', async () => {
    const { username } = await person(world())
    expectProblem(await forget(username), 400, { errors: ['email'] })
  })

  it.each(EMAILS)('400 errors.email for %j', async (email) => {
    expectProblem(await forget(email), 400, { errors: ['email'] })
  })

  it('three mails a mailbox in 15 minutes, then the same answer and no mail', async () => {
    const { email } = await person(world())
    for (let count = 0; count < 5; count += 1) expectOk(await forget(email), SENT)
    expectOk(await forget(email.toUpperCase()), SENT)
    expect((await world().post('/auth/forgot-password', { email })).status).toBe(200)
    expect(mailsTo(email)).toHaveLength(3)
    world().advance(15 * MINUTE + 1_000)
    expectOk(await forget(email), SENT)
    expect(mailsTo(email)).toHaveLength(4)
  })

  it('a disabled account gets no mail', async () => {
    const { id, email } = await person(world())
    await disable(world(), id, world.admin())
    expectOk(await forget(email), SENT)
    expect(mailsTo(email)).toEqual([])
  })

  it('nobody is signed out by it', async () => {
    const someone = await person(world())
    await forget(someone.email)
    expect([await isLive(someone.token), await signsIn(someone.email, PASSWORD)]).toEqual([true, 200])
  })
})

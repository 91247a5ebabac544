/**
 * `POST /auth/forgot-password` of `authentication`.
 */
import { describe, expect, it } from 'vitest'
import { itsGuards } from '../guards.ts'
import { expectAnswer, MINUTE, mailedToken, SECOND } from '../support.ts'
import { expectInvalid, notText, register, useAuthentication } from './support.ts'

const { world, forgot, setLogin, open } = useAuthentication()

describe('POST /auth/forgot-password', () => {
  const path = '/auth/forgot-password'
  itsGuards({ ...open, path })

  const mailsTo = (email: string) => world().mails.filter(({ to }) => to === email)

  it('200, and a mail to the stored address with a link to PUBLIC_URL', async () => {
    const { email } = await register(world())
    const headers = { 'x-forwarded-host': 'evil.example' }
    const answer = await world().request('POST', path, { json: { email: ` ${email.toUpperCase()} ` }, headers })
    expectAnswer(answer, 200, { message: expect.stringMatching(/./) })
    expect(mailsTo(email)).toHaveLength(1)
    expect(mailsTo(email)[0]?.text).toMatch(/^http:\/\/vestibule\.test\/reset-password#token=[\w-]{43}$/m)
    expect(JSON.stringify(await world().db.client.mailToken.findMany())).not.toContain(mailedToken(world(), email))
  })

  it('an unknown address: the same answer, and no mail', async () => {
    const { email } = await register(world())
    const mails = world().mails.length
    const unknown = await forgot('nobody@example.com')
    expect(world().mails).toHaveLength(mails)
    expectAnswer(unknown, 200, (await forgot(email)).body)
  })

  it('a disabled account: the same answer, and no mail', async () => {
    const { id, email } = await register(world())
    await setLogin(id, 'disableLogin')
    expectAnswer(await forgot(email), 200, (await forgot('nobody@example.com')).body)
    expect(mailsTo(email)).toEqual([])
  })

  it('three mails to a mailbox in 15 minutes, on every surface together; then the same answer and none', async () => {
    const { email } = await register(world())
    const answer = await forgot(email)
    await world().post('/v1/security/forget-password', { email })
    for (let round = 0; round < 3; round += 1) expectAnswer(await forgot(email), 200, answer.body)
    expect(mailsTo(email)).toHaveLength(3)
    world().advance(15 * MINUTE + SECOND)
    await forgot(email)
    expect(mailsTo(email)).toHaveLength(4)
  })

  it.each(notText)('an e-mail address that is %s: 400', async (_name, email) => {
    expectInvalid(await world().post(path, { email }), ['email'])
  })

  it('POST /auth/forgot-password with nothing sent: 400', async () => {
    expectInvalid(await world().post(path), ['email'])
  })
})

/** Users of Wekan, in the forms of extended JSON that mongoexport has written over the years. */
import { describe, expect, it } from 'vitest'
import { accountOf, reasonsOf, recordsOf } from './support.ts'

const BCRYPT = '$2b$10$abcdefghijklmnopqrstuuJ9qcT0zFq3UuJ5cPZ6k1s0W2oX8qk2a'
const TOKEN = 'q5Wm2ZIkq0gV0dPqk2sVw1l2V5v0Jr8sT4f3sC0aV7Y='

const user = (date: (iso: string) => unknown, more: object = {}) => ({
  _id: 'hGJ5bvG6mQKw8K9pT',
  createdAt: date('2019-03-04T05:06:07.890Z'),
  modifiedAt: date('2020-03-04T05:06:07.890Z'),
  services: {
    password: { bcrypt: BCRYPT },
    resume: { loginTokens: [{ when: date('2026-11-01T00:00:00.000Z'), hashedToken: TOKEN }] },
    email: { verificationTokens: [] },
  },
  username: 'ada',
  emails: [{ address: 'Ada@example.com', verified: true }],
  profile: { fullname: 'Ada Lovelace', language: 'ar-EG', boardView: 'board-view-lists' },
  authenticationMethod: 'password',
  isAdmin: true,
  loginDisabled: false,
  ...more,
})

const EXPECTED = {
  given: {
    id: 'hGJ5bvG6mQKw8K9pT',
    username: 'ada',
    email: 'Ada@example.com',
    emailVerified: true,
    otherEmails: [],
    name: 'Ada Lovelace',
    locale: 'ar',
    isAdmin: true,
    disabled: false,
    passwordHash: `$meteor${BCRYPT}`,
    sessions: [{ tokenHash: TOKEN, surface: 'wekan', createdAt: 1793491200000, expiresAt: 1801267200000 }],
    createdAt: 1551675967890,
    updatedAt: 1583298367890,
  },
}

describe('users of Wekan', () => {
  it.each([
    ['relaxed', (iso: string) => ({ $date: iso })],
    ['canonical', (iso: string) => ({ $date: { $numberLong: String(Date.parse(iso)) } })],
    ['of MongoDB 2.4, as numbers', (iso: string) => ({ $date: Date.parse(iso) })],
    ['of MongoDB 2.6, with a zone', (iso: string) => ({ $date: iso.replace('Z', '+0000') })],
  ])('are the same in extended JSON %s', async (_name, date) => {
    expect(await accountOf('wekan', [user(date)])).toEqual(EXPECTED)
    expect(await recordsOf('wekan', `[\n${JSON.stringify(user(date))},\n${JSON.stringify(user(date))}\n]`)).toEqual([EXPECTED, EXPECTED])
  })

  const iso = (text: string) => ({ $date: text })

  it('may have an ObjectId, and neither name nor address', async () => {
    const { given } = await accountOf('wekan', [{ _id: { $oid: '5dea9f9c82dd7c0e76e4ec93' } }])
    expect(given).toMatchObject({ id: '5dea9f9c82dd7c0e76e4ec93', isAdmin: false, disabled: false, sessions: [] })
    expect(given.username).toBeUndefined()
  })

  it('may have several addresses, of which the first one is taken', async () => {
    const emails = [
      { address: 'one@example.com', verified: false },
      { address: 'two@example.com', verified: true },
    ]
    expect(await accountOf('wekan', [user(iso, { emails })])).toMatchObject({
      given: { email: 'one@example.com', emailVerified: false, otherEmails: ['two@example.com'] },
    })
  })

  it('may sign in by LDAP or OpenID Connect and have no password', async () => {
    const ldap = await accountOf('wekan', [user(iso, { services: { ldap: { id: 'x' } }, authenticationMethod: 'ldap' })])
    expect(ldap.given.passwordHash).toBeUndefined()
    expect(ldap.notes).toEqual(['a sign-in by ldap'])
    const oidc = await accountOf('wekan', [user(iso, { services: { oidc: { id: 'x' }, google: {} }, authenticationMethod: 'oauth2' })])
    expect(oidc.notes).toEqual(['a sign-in by oidc', 'a sign-in by google', 'a sign-in by oauth2'])
  })

  it('may have the argon2 of Meteor 3, and an authenticator app', async () => {
    const services = {
      password: { argon2: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA' },
      twoFactorAuthentication: { secret: 'JBSW Y3DP EHPK 3PXP', type: 'otp' },
    }
    expect((await accountOf('wekan', [user(iso, { services })])).given).toMatchObject({
      passwordHash: '$meteor$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA',
      totp: { secret: 'JBSW Y3DP EHPK 3PXP' },
    })
  })

  it('with more tokens than an account may have keep the newest', async () => {
    const loginTokens = Array.from({ length: 1_002 }, (_, index) => ({ when: { $date: index }, hashedToken: TOKEN }))
    const { given, notes } = await accountOf('wekan', [user(iso, { services: { resume: { loginTokens } } })])
    expect((given.sessions as { createdAt: number }[]).map(({ createdAt }) => createdAt).at(-1)).toBe(2)
    expect(notes).toEqual(['sessions beyond the 1,000 newest'])
  })

  it('that are none have a reason, without their content', async () => {
    expect(await reasonsOf('wekan', [{ username: 'secret' }, user(() => 'secret'), { _id: 1 }])).toEqual([
      '_id is not an id',
      expect.stringMatching(/^createdAt is not a date; modifiedAt is not a date/),
      '_id is not an id',
    ])
  })
})

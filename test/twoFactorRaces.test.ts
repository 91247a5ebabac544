/**
 * What happens to a factor between two looks at it. A request is held at a row until somebody else has changed it, so that each of
 * these races is run every time, and always the same way. On PostgreSQL; PGlite has one connection, and no such race.
 */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSecretBox } from '../src/domain/keys/secretBox.ts'
import { mutate } from './graphql/ask.ts'
import { admin, PASSWORD, type Person, person, totp, verifiedWithTwoFactor, withTwoFactor } from './support/accounts.ts'
import { databaseKind } from './support/database.ts'
import { account, changed, overtaken } from './support/races.ts'
import { useWorld } from './support/world.ts'

const SECRET_KEY = 'a secret key of these tests, long enough'
const box = createSecretBox([SECRET_KEY], randomBytes)
const contextOf = ({ id }: Person) => `users.two_factor_secret:${id}`
const sealedFor = (owner: Person, secret: string): string => box.seal(secret, contextOf(owner))
/** The same secret in another envelope. */
const sealedAnew = (owner: Person, envelope: string | null): string => sealedFor(owner, box.open(envelope ?? '', contextOf(owner)))

const world = useWorld({}, { secretKeys: [SECRET_KEY] })
beforeAll(async () => void (await admin(world())))

const row = ({ id }: Person) => world().db.client.user.findUniqueOrThrow({ where: { id } })
const begin = async ({ token }: Person): Promise<string> => (await mutate(world(), 'beginTwoFactorEnrollment', undefined, token)).secret
const confirm = ({ token }: Person, code: string) => mutate(world(), 'confirmTwoFactorEnrollment', { code }, token)
const signInWith = ({ email }: Person, code: string | undefined) =>
  mutate(world(), 'signIn', { identifier: email, password: PASSWORD, code })

if (databaseKind() === 'postgresql') {
  describe('a sign-in with a code', () => {
    it('a sign-in with a code goes on when the secret is sealed anew meanwhile', async () => {
      const someone = await withTwoFactor(world())
      const twoFactorSecret = sealedAnew(someone, (await row(someone)).twoFactorSecret)
      const result = await overtaken(world(), account(someone), changed(someone, { twoFactorSecret }), () =>
        signInWith(someone, someone.code()),
      )
      expect(result.__typename).toBe('SignInSuccess')
      expect((await row(someone)).twoFactorSecret).toBe(twoFactorSecret)
    })

    it('a sign-in with a code ends when the factor is another one meanwhile', async () => {
      const someone = await withTwoFactor(world())
      const another = { twoFactorSecret: sealedFor(someone, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'), credentialVersion: { increment: 1 } }
      const result = await overtaken(world(), account(someone), changed(someone, another), () => signInWith(someone, someone.code()))
      expect(result.code).toBe('INVALID_TWO_FACTOR_CODE')
    })

    it('a sign-in with a code ends when its recovery code makes room for another with the same selector meanwhile', async () => {
      const someone = await withTwoFactor(world())
      const [code = ''] = someone.recoveryCodes
      const place = { userId_selector: { userId: someone.id, selector: code.slice(0, 4) } }
      const result = await overtaken(
        world(),
        (tx) =>
          tx.$queryRaw`SELECT selector FROM recovery_codes WHERE user_id = ${someone.id} AND selector = ${code.slice(0, 4)} FOR UPDATE`,
        (tx) => tx.recoveryCode.update({ where: place, data: { hash: 'of another code' } }),
        () => signInWith(someone, code),
      )
      expect(result.code).toBe('INVALID_TWO_FACTOR_CODE')
      expect(await world().db.client.recoveryCode.findUnique({ where: place })).toMatchObject({ hash: 'of another code', usedAt: null })
    })
  })

  describe('an enrolment', () => {
    it('an enrolment is confirmed when its secret is sealed anew meanwhile', async () => {
      const someone = await person(world())
      const secret = await begin(someone)
      const twoFactorPending = sealedAnew(someone, (await row(someone)).twoFactorPending)
      const result = await overtaken(world(), account(someone), changed(someone, { twoFactorPending }), () =>
        confirm(someone, totp(secret)),
      )
      expect(result.recoveryCodes).toHaveLength(10)
    })

    it('an enrolment is not confirmed by a code of its older secret when a newer one is made meanwhile', async () => {
      const someone = await person(world())
      const secret = await begin(someone)
      const twoFactorPending = sealedFor(someone, 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP')
      const result = await overtaken(world(), account(someone), changed(someone, { twoFactorPending }), () =>
        confirm(someone, totp(secret)),
      )
      expect(result.code).toBe('WRONG_CODE')
      expect(await row(someone)).toMatchObject({ twoFactorSecret: null, twoFactorPending })
    })

    it('an enrolment is not confirmed when the credentials change meanwhile, and the failure says why', async () => {
      const someone = await person(world())
      const secret = await begin(someone)
      const data = { credentialVersion: { increment: 1 } }
      const result = await overtaken(world(), account(someone), changed(someone, data), () => confirm(someone, totp(secret)))
      expect(result.code).toBe('REAUTHENTICATION_REQUIRED')
      expect(await row(someone)).toMatchObject({ twoFactorSecret: null })
    })

    it('an enrolment does not begin when the credentials change meanwhile', async () => {
      const someone = await person(world())
      const data = { credentialVersion: { increment: 1 } }
      const work = () => mutate(world(), 'beginTwoFactorEnrollment', undefined, someone.token)
      expect((await overtaken(world(), account(someone), changed(someone, data), work)).code).toBe('REAUTHENTICATION_REQUIRED')
      expect(await row(someone)).toMatchObject({ twoFactorPending: null })
    })
  })

  it('new recovery codes are not made when the credentials change meanwhile', async () => {
    const someone = await withTwoFactor(world())
    const work = () => mutate(world(), 'regenerateRecoveryCodes', undefined, someone.token)
    const result = await overtaken(world(), account(someone), changed(someone, { credentialVersion: { increment: 1 } }), work)
    expect(result.code).toBe('REAUTHENTICATION_REQUIRED')
    expect((await signInWith(someone, someone.recoveryCodes[0])).__typename).toBe('SignInSuccess')
  })

  it('a reset by an administrator finds nothing when the owner turns the factor off meanwhile', async () => {
    const someone = await withTwoFactor(world())
    const { token } = await admin(world())
    const work = () => mutate(world(), 'resetTwoFactor', { id: someone.id }, token)
    const result = await overtaken(world(), account(someone), changed(someone, { twoFactorSecret: null }), work)
    expect(result.code).toBe('TWO_FACTOR_NOT_ENABLED')
    expect(await world().db.client.auditEvent.count({ where: { userId: someone.id, type: 'two_factor.disabled' } })).toBe(0)
  })
}

it('an administrator and the owner who turn a factor off at once: one does, and one event and one mail say so', async () => {
  const someone = await verifiedWithTwoFactor(world())
  const { token } = await admin(world())
  const results = await Promise.all([
    mutate(world(), 'resetTwoFactor', { id: someone.id }, token),
    mutate(world(), 'disableTwoFactor', { proof: { password: PASSWORD } }, someone.token),
  ])
  expect(results.filter(({ user }) => user?.twoFactorEnabled === false)).toHaveLength(1)
  expect(['TWO_FACTOR_NOT_ENABLED', 'REAUTHENTICATION_REQUIRED']).toContain(results.find(({ code }) => code !== undefined)?.code)
  const where = { userId: someone.id, type: 'two_factor.disabled' }
  expect(await world().db.client.auditEvent.count({ where })).toBe(1)
  expect(world().mails.filter(({ to, subject }) => to === someone.email && subject.endsWith('is off'))).toHaveLength(1)
  expect(await world().db.client.recoveryCode.count({ where: { userId: someone.id } })).toBe(0)
})

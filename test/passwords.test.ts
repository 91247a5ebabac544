/**
 * How passwords are kept: argon2id at OWASP's parameters or more, mended at sign-in when they rise, and hashes that this
 * program did not make never a fault.
 */
import { describe, expect, it } from 'vitest'
import { PASSWORD, person, signIn } from './support/accounts.ts'
import { openWorld, useWorld } from './support/world.ts'

describe('the hash of a password', () => {
  const world = useWorld({}, { realHashes: true })
  const hashOf = async (id: string) => (await world().db.client.user.findUniqueOrThrow({ where: { id } })).passwordHash

  it('is argon2id with the parameters of the settings', async () => {
    const { id } = await person(world())
    expect(await hashOf(id)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('is made anew at a sign-in after the parameters rose, and then no more', async () => {
    const someone = await person(world())
    const stronger = await openWorld({ ARGON2_PASSES: '3' }, { db: world().db, realHashes: true })
    expect((await stronger.post('/auth/login', { email: someone.email, password: 'cafe\u0301 au lait' })).status).toBe(401)
    expect(await hashOf(someone.id)).toContain('t=2')
    await signIn(stronger, someone)
    const mended = await hashOf(someone.id)
    expect(mended).toContain('t=3')
    await signIn(stronger, someone)
    expect(await hashOf(someone.id)).toBe(mended)
    await stronger.close()
    await signIn(world(), someone)
  })

  it.each(['$2a$10$CRZrpT4x.VpG2FdJxR3rN.9m0NbQb0OPsSPBDAZukggxrskMtWA8.', 'nonsense', ''])(
    'that is none of ours (%s) fits no password',
    async (passwordHash) => {
      const { id, email } = await person(world())
      await world().db.client.user.update({ where: { id }, data: { passwordHash } })
      expect((await world().post('/auth/login', { email, password: PASSWORD })).status).toBe(401)
    },
  )

  it('fits in composed and decomposed Unicode alike', async () => {
    const { email } = await person(world(), { password: 'caf\u00e9 au lait' })
    expect((await world().post('/auth/login', { email, password: 'cafe\u0301 au lait' })).status).toBe(200)
  })

  it('of another program that did not normalise is tried as received', async () => {
    const { hash } = await import('@node-rs/argon2')
    const { id, email } = await person(world())
    await world().db.client.user.update({ where: { id }, data: { passwordHash: await hash('cafe\u0301 au lait') } })
    expect((await world().post('/auth/login', { email, password: 'cafe\u0301 au lait' })).status).toBe(200)
  })
})

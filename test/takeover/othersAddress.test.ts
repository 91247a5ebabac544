/**
 * Somebody moves an account to an address that is not theirs, at once and unproven: its owner hears of it, and can have it back.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { admin, PASSWORD, person, signInOnV1, unique, verifiedPerson } from '../support/accounts.ts'
import { useWorld, type World } from '../support/world.ts'
import { askForReset, changeEmail, ENABLE, linksTo, resetLinks, rowOf } from './support.ts'

/** An attacker whose account has taken the address of somebody else, with a second factor on it. */
const takenAddress = async (world: World) => {
  const attacker = await verifiedPerson(world)
  const token = await signInOnV1(world, attacker)
  const victim = `victim${unique()}@example.com`
  expect((await changeEmail(world, token, victim)).status).toBe(200)
  const again = await signInOnV1(world, { email: victim, password: PASSWORD })
  expect((await world.post(ENABLE, undefined, again)).status).toBe(200)
  return { attacker, victim }
}

const expectFreed = async (world: World, attacker: { readonly id: string; readonly email: string }, victim: string) => {
  expect((await mutate(world, 'disownEmail', { token: linksTo(world, victim, 'disown-email').at(-1) })).ok).toBe(true)
  expect(await rowOf(world, attacker)).toMatchObject({ email: attacker.email })
  expect((await person(world, { email: victim })).email).toBe(victim)
}

describe('a change of address that counts at once', () => {
  const world = useWorld({ VERIFY_EMAIL: 'true', LIMIT_RESET_MAILS: '1000' })
  beforeAll(async () => void (await admin(world())))

  it('a change of address that counts at once sends the new address a mail with which its owner frees it', async () => {
    const { attacker, victim } = await takenAddress(world())
    expect(linksTo(world(), victim, 'disown-email')).toHaveLength(1)
    await expectFreed(world(), attacker, victim)
  })

  it('a change of address that counts at once sends none to the held address, which was verified before', async () => {
    const owner = await verifiedPerson(world())
    const token = await signInOnV1(world(), owner)
    await changeEmail(world(), token, `other${unique()}@example.com`)
    const before = linksTo(world(), owner.email, 'disown-email').length
    expect((await changeEmail(world(), token, owner.email)).status).toBe(200)
    expect(linksTo(world(), owner.email, 'disown-email')).toHaveLength(before)
  })
})

describe('a reset that is asked for by an address that is on another one’s account', () => {
  const world = useWorld({ LIMIT_RESET_MAILS: '3', LIMIT_MAILS_PER_HOUR: '20' })
  beforeAll(async () => void (await admin(world())))

  it('a reset that is asked for by an address that is on another one’s account goes to the held address, and the asker gets a mail that frees theirs, though no verification was ever sent', async () => {
    const { attacker, victim } = await takenAddress(world())
    expect(linksTo(world(), victim, 'disown-email')).toEqual([])
    await askForReset(world(), victim)
    expect(resetLinks(world(), victim)).toEqual([])
    expect(resetLinks(world(), attacker.email)).toHaveLength(1)
    await expectFreed(world(), attacker, victim)
  })

  it('a reset that is asked for by an address that is on another one’s account sends three such mails in a quarter of an hour and no more', async () => {
    const { victim } = await takenAddress(world())
    for (let asked = 0; asked < 6; asked += 1) await askForReset(world(), victim)
    expect(linksTo(world(), victim, 'disown-email')).toHaveLength(3)
  })

  it('a reset that is asked for by an address that is on another one’s account sends a thief of a session nothing that takes the address from the account', async () => {
    const { attacker, victim } = await takenAddress(world())
    await askForReset(world(), attacker.email)
    expect(linksTo(world(), victim, 'disown-email')).toEqual([])
    expect(linksTo(world(), attacker.email, 'disown-email')).toEqual([])
  })
})

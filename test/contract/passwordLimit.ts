/**
 * The limit of wrong passwords for one account, as every route of `wekan` and `authentication` that signs in has it.
 */
import { describe, expect, it } from 'vitest'
import { person } from '../support/accounts.ts'
import type { Answer, World } from '../support/world.ts'
import { MINUTE, retryAfter, SECOND } from './support.ts'

export interface PasswordLimited {
  readonly world: () => World
  /** Another surface than the one under test, to see that the counters are not its own. */
  readonly elsewhere: (identifier: string, password: string) => Promise<Answer>
  readonly signIn: (identifier: string, password: string) => Promise<Answer>
  readonly invalid: (identifier: string) => Promise<Answer>
  readonly expectWrong: (answer: Answer) => void
  readonly expectTooMany: (answer: Answer) => void
}

const times = async (count: number, work: () => Promise<Answer>): Promise<Answer[]> => {
  const answers: Answer[] = []
  while (answers.length < count) answers.push(await work())
  return answers
}

/** Ten wrong passwords for one account within 15 minutes, then growing delays. */
export function itsPasswordLimit({ world, elsewhere, signIn, invalid, expectWrong, expectTooMany }: PasswordLimited): void {
  describe('after ten wrong passwords', () => {
    const wrong = async (identifier: string, count: number) => {
      for (const answer of await times(count, async () => await signIn(identifier, 'a wrong password'))) expectWrong(answer)
    }
    const waitFor = (answer: Answer): void => world().advance(retryAfter(answer) * SECOND)

    it('the right one is 429 with Retry-After, until that has passed; another account does not wait', async () => {
      const [{ email, password }, other] = [await person(world()), await person(world())]
      await wrong(email, 10)
      expect((await signIn(other.email, other.password)).status).toBe(200)
      const refused = await signIn(email, password)
      expectTooMany(refused)
      waitFor(refused)
      expect((await signIn(email, password)).status).toBe(200)
    })

    it('each further one doubles the wait at least', async () => {
      const { email } = await person(world())
      await wrong(email, 10)
      const waits: number[] = []
      for (let round = 0; round < 3; round += 1) {
        const refused = await signIn(email, 'a wrong password')
        expectTooMany(refused)
        waits.push(retryAfter(refused))
        waitFor(refused)
        await wrong(email, 1)
      }
      const [first = 0, second = 0, third = 0] = waits
      expect([second > first, third > second]).toEqual([true, true])
    })

    it('an identifier that nobody has is answered alike', async () => {
      const { email } = await person(world())
      const unknown = `nobody-${email}`
      await wrong(unknown, 10)
      await wrong(email, 10)
      const [known, stranger] = [await signIn(email, 'a wrong password'), await signIn(unknown, 'a wrong password')]
      expectTooMany(known)
      expectTooMany(stranger)
      expect(stranger.body).toEqual(known.body)
    })

    it('username and e-mail address count apart, each however it is spelt', async () => {
      const { email, username, password } = await person(world())
      await wrong(username, 5)
      await wrong(username.toUpperCase(), 5)
      expectTooMany(await signIn(username, password))
      await wrong(email, 5)
      expect((await signIn(email, password)).status).toBe(200)
      expectTooMany(await signIn(username, password))
    })

    it('every surface waits, and those of every surface count', async () => {
      const { email, password } = await person(world())
      await wrong(email, 5)
      await times(5, async () => await elsewhere(email, 'a wrong password'))
      expect((await elsewhere(email, password)).status).toBe(429)
      expectTooMany(await signIn(email, password))
    })

    it('those of more than 15 minutes ago count no more', async () => {
      const { email, password } = await person(world())
      await wrong(email, 9)
      world().advance(15 * MINUTE + SECOND)
      await wrong(email, 1)
      expect((await signIn(email, password)).status).toBe(200)
    })

    it('invalid input is no failure', async () => {
      const { email, password } = await person(world())
      for (const answer of await times(11, async () => await invalid(email))) expect(answer.status).toBe(400)
      expect((await signIn(email, password)).status).toBe(200)
    })
  })
}

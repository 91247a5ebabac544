/** A password counts exactly as it was typed, to its last character, on every surface (ASVS 6.2.8): nothing is cut, trimmed or folded. */
import { expect, it } from 'vitest'
import { mutate } from '../graphql/ask.ts'
import { unique } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()

/** 100 characters, more bytes, a capital inside and a space at its end. */
const EXACT = `${'Ärgerlich lange '.repeat(5)}Ende `.padStart(100, 'x')

// biome-ignore format: a table is read by its rows
const OTHERS: readonly (readonly [string, string])[] = [
  ['cut at 72 bytes', Buffer.from(EXACT).subarray(0, 72).toString()],
  ['with another last character', `${EXACT.slice(0, -1)}.`],
  ['with another one after 72 bytes', `${EXACT.slice(0, 80)}#${EXACT.slice(81)}`],
  ['without the space at its end', EXACT.trim()],
  ['in small letters', EXACT.toLowerCase()],
  ['in capitals', EXACT.toUpperCase()],
]

interface Surface {
  readonly signUp: (email: string) => Promise<unknown>
  readonly signsIn: (email: string, password: string) => Promise<boolean>
}

const login = (path: string) => async (email: string, password: string) => (await world().post(path, { email, password })).status === 200

const surfaces: Readonly<Record<string, Surface>> = {
  GraphQL: {
    signUp: async (email) => await mutate(world(), 'signUp', { email, password: EXACT }),
    signsIn: async (identifier, password) => (await mutate(world(), 'signIn', { identifier, password })).__typename === 'SignInSuccess',
  },
  'idiot and xiot': {
    signUp: async (email) =>
      await world().post('/v1/auth/signup', { email, firstName: 'Ada', lastName: 'King', password: EXACT, passwordConfirmation: EXACT }),
    signsIn: login('/v1/auth/login'),
  },
  wekan: {
    signUp: async (email) => await world().post('/users/register', { username: `exact${unique()}`, email, password: EXACT }),
    signsIn: login('/users/login'),
  },
  authentication: {
    signUp: async (email) => await world().post('/auth/register', { name: 'Ada', email, password: EXACT, confirm: EXACT }),
    signsIn: login('/auth/login'),
  },
}

it.each(Object.entries(surfaces))(
  '%s takes a password of 100 characters, and no other that is nearly the same',
  async (_name, { signUp, signsIn }) => {
    const email = `exact${unique()}@example.com`
    await signUp(email)
    for (const [what, other] of OTHERS) expect([what, await signsIn(email, other)]).toEqual([what, false])
    expect(await signsIn(email, EXACT)).toBe(true)
  },
)

/**
 * The accounts of a sequence, with what each world calls them: ids, tokens, codes and passwords are another text in each world,
 * and stand side by side here. The administrator `root` belongs to all sequences of a pair.
 */
import type { Surface } from '../../src/domain/base/surfaces.ts'
import { PASSWORD, totp } from '../support/accounts.ts'
import { advance } from '../support/clock.ts'
import { scopeNames } from '../support/scopes.ts'
import { succeed } from './graphqlCalls.ts'
import { type Both, both, bothAsync, type From, type Pair } from './pair.ts'

export interface Session {
  access: Both<string>
  /** Another token of the session; the same one where there is none. */
  also: Both<string>
  /** Every refresh token so far; undefined in a world where the session has no chain. */
  readonly refresh: Both<string | undefined>[]
}

export interface LoginCode {
  readonly code: Both<string>
  readonly origin: Surface
}

export interface Person {
  readonly id: Both<string>
  email: string | null
  readonly username: string
  password: Both<string>
  previous: Both<string>
  readonly sessions: Session[]
  factor: { readonly secret: Both<string>; readonly recoveryCodes: Both<readonly string[]> } | null
  recoveryCodesUsed: number
  readonly loginCodes: LoginCode[]
}

export interface Accounts {
  readonly root: Person
  /** Holds scopes: may make, read and delete accounts. */
  readonly keeper: Person
  /** The keeper, who has been signed up, and whoever is made later. */
  readonly people: Person[]
  /** Of the links in mails, and whom they were sent to. */
  readonly resetTokens: { readonly token: Both<string>; readonly email: string }[]
}

export const NOT_THERE = both(() => 'not there')

export const personOf = (id: Both<string>, email: string | null, username: string, password: Both<string>): Person => ({
  id,
  email,
  username,
  password,
  previous: both(() => 'none before'),
  sessions: [],
  factor: null,
  recoveryCodesUsed: 0,
  loginCodes: [],
})

// biome-ignore lint/suspicious/noExplicitAny: as the schema wrote it
const sessionOf = (results: Both<any>): Session => ({
  access: both((side) => results[side].credentials.accessToken.token),
  also: both((side) => results[side].credentials.accessToken.token),
  refresh: [both((side) => results[side].credentials.refreshToken.token)],
})

const samePassword = both(() => PASSWORD)

/** Signs somebody up through GraphQL in both worlds. */
export async function signUp(pair: Pair, from: From, name: string): Promise<Person> {
  const input = { email: `${name}@example.com`, username: name, name: `Somebody ${name}`, password: PASSWORD }
  const results = await bothAsync(async (side) => await succeed(pair, side, from, 'signUp', input))
  const person = personOf(
    both((side) => results[side].user.id),
    input.email,
    name,
    samePassword,
  )
  person.sessions.push(sessionOf(results))
  return person
}

/** A second factor, enrolled through GraphQL in both worlds; the code that confirmed it is spent long ago when this returns. */
async function enrol(pair: Pair, from: From, person: Person): Promise<void> {
  const token = person.sessions[0]?.access ?? NOT_THERE
  const begun = await bothAsync(async (side) => await succeed(pair, side, from, 'beginTwoFactorEnrollment', {}, token[side]))
  const done = await bothAsync(
    async (side) => await succeed(pair, side, from, 'confirmTwoFactorEnrollment', { code: totp(begun[side].secret) }, token[side]),
  )
  person.factor = { secret: both((side) => begun[side].secret), recoveryCodes: both((side) => done[side].recoveryCodes) }
  advance(61_000)
}

/** Root signs in anew, and somebody who is given scopes signs up. */
async function staff(pair: Pair, root: Person, from: (request: string) => From, runName: string): Promise<Person> {
  const input = { identifier: root.email, password: PASSWORD }
  const signedIn = await bothAsync(async (side) => await succeed(pair, side, from('root'), 'signIn', input))
  root.sessions.splice(0, root.sessions.length, sessionOf(signedIn))
  advance(1_000)
  const keeper = await signUp(pair, from('keeper'), `keeper${runName}`)
  const scopes = ['users']
  const token = root.sessions[0]?.access ?? NOT_THERE
  await bothAsync(
    async (side) =>
      await succeed(pair, side, from('scopes'), 'setScopes', { id: keeper.id[side], scopes: scopeNames(scopes) }, token[side]),
  )
  advance(1_000)
  return keeper
}

export interface Needs {
  /** Whether somebody does what asks for rights. */
  readonly staff: boolean
  /** Whether the member has a second factor. */
  readonly factor: boolean
}

/** Verifies an address in both worlds, without a mail: so its owner is sent what happens, and the notices are compared. */
async function verify(pair: Pair, { id }: Person): Promise<void> {
  const data = { emailVerifiedAt: new Date('2026-01-01T00:00:00.000Z') }
  await bothAsync(async (side) => await pair.worlds[side].db.client.user.update({ where: { id: id[side] }, data }))
}

/** The people of a new sequence: somebody without rights, and those with them where there is a use for them. */
export async function assemble(
  pair: Pair,
  root: Person,
  from: (request: string) => From,
  runName: string,
  needs: Needs,
): Promise<Accounts> {
  const keeper = needs.staff ? await staff(pair, root, from, runName) : undefined
  const member = await signUp(pair, from('member'), `member${runName}`)
  await verify(pair, member)
  if (needs.factor) await enrol(pair, from('factor'), member)
  return { root, keeper: keeper ?? member, people: [member, ...(keeper === undefined ? [] : [keeper])], resetTokens: [] }
}

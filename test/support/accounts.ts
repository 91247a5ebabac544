/**
 * Accounts for tests, one word each: `person` has a password and a token, `admin` is the first account of its world, and
 * `withTwoFactor` has an authenticator.
 */
import { generateSync } from 'otplib'
import { identifierKey } from '../../src/domain/accounts/identifiers.ts'
import { scopeNames } from './scopes.ts'
import type { World } from './world.ts'

let made = 0

export const PASSWORD = 'correct horse battery'

/** A number that no other account of this thread has. */
export const unique = (): number => (made += 1)

export interface Person {
  readonly id: string
  readonly email: string
  readonly username: string
  readonly password: string
  /** A GraphQL access token. */
  readonly token: string
  readonly refreshToken: string
}

const SIGN_UP = `mutation($input: SignUpInput!) { result: signUp(input: $input) {
  ... on SignUpSuccess { user { id username } credentials { accessToken { token } refreshToken { token } } } ... on Error { code message fieldErrors { field message } } } }`

/** Signs up through GraphQL. */
export async function person(world: World, input: Record<string, unknown> = {}): Promise<Person> {
  const number = unique()
  const email = typeof input.email === 'string' ? input.email : `person${number}@example.com`
  const password = typeof input.password === 'string' ? input.password : PASSWORD
  const { body } = await world.graphql(SIGN_UP, {
    input: { email, username: `person${number}`, name: `Person Number${number}`, password, ...input },
  })
  if (body.result?.user === undefined) throw new Error(`sign-up failed: ${JSON.stringify(body)}`)
  const { user, credentials } = body.result
  return {
    id: user.id,
    email,
    username: user.username,
    password,
    token: credentials.accessToken.token,
    refreshToken: credentials.refreshToken.token,
  }
}

/** A person with a username that no rule was asked about, kept under `key`, as an import may bring one. */
export async function withUsername(
  world: World,
  { username, key = identifierKey(username) }: { username: string; key?: string },
): Promise<Person> {
  const made = await person(world)
  const { client } = world.db
  await client.user.update({ where: { id: made.id }, data: { username } })
  await client.identifier.updateMany({ where: { userId: made.id, value: made.username }, data: { value: key } })
  return { ...made, username }
}

/** Makes the address of an account one that was verified long ago, without a mail: its owner is sent what happens to the account. */
export async function verify(world: World, { id }: Pick<Person, 'id'>): Promise<void> {
  await world.db.client.user.update({ where: { id }, data: { emailVerifiedAt: new Date('2026-01-01') } })
}

/** A person whose address is verified. */
export async function verifiedPerson(world: World, input: Record<string, unknown> = {}): Promise<Person> {
  const made = await person(world, input)
  await verify(world, made)
  return made
}

const admins = new WeakMap<World, Promise<Person>>()

/** The administrator of a world: call it before any other account is made. */
export function admin(world: World): Promise<Person> {
  const known = admins.get(world) ?? person(world)
  admins.set(world, known)
  return known
}

/** The token of another session of a person, opened by a fresh sign-in through GraphQL. */
export async function signIn(world: World, { email, password }: Pick<Person, 'email' | 'password'>): Promise<string> {
  const { body } = await world.graphql(
    'mutation($input: SignInInput!) { result: signIn(input: $input) { ... on SignInSuccess { credentials { accessToken { token } } } ... on Error { code } } }',
    { input: { identifier: email, password } },
  )
  if (body.result?.credentials === undefined) throw new Error(`sign-in failed: ${JSON.stringify(body)}`)
  return body.result.credentials.accessToken.token
}

/** Grants scopes to a person, by the administrator of the world, who signs in for it: that asks for a fresh proof. */
export async function grant(world: World, to: Person, scopes: readonly string[]): Promise<void> {
  const { body } = await world.graphql(
    'mutation($input: SetScopesInput!) { result: setScopes(input: $input) { ... on SetScopesSuccess { user { id } } ... on Error { code message } } }',
    { input: { id: to.id, scopes: scopeNames(scopes) } },
    await signIn(world, await admin(world)),
  )
  if (body.result?.user === undefined) throw new Error(`grant failed: ${JSON.stringify(body)}`)
}

/** The code that an authenticator app shows for a secret, `steps` from now (-1 is the step before). */
export const totp = (secret: string, steps = 0): string => generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 })

export interface TwoFactorPerson extends Person {
  readonly secret: string
  readonly recoveryCodes: readonly string[]
  /** A code that was not used yet: time moves on a step first. */
  code(): string
}

const BEGIN = 'mutation { result: beginTwoFactorEnrollment { ... on BeginTwoFactorEnrollmentSuccess { secret } ... on Error { code } } }'
const CONFIRM = `mutation($code: String!) { result: confirmTwoFactorEnrollment(input: { code: $code }) {
  ... on ConfirmTwoFactorEnrollmentSuccess { recoveryCodes } ... on Error { code } } }`

/** Turns a second factor on by a token, confirmed with the code of the step before, so that the present one is not spent. */
export async function turnOnFactor(world: World, token: string): Promise<Enrolled> {
  const { secret } = (await world.graphql(BEGIN, {}, token)).body.result
  const confirm = async () => (await world.graphql(CONFIRM, { code: totp(secret, -1) }, token)).body.result
  // The step may end between the making of the code and its check.
  let { recoveryCodes } = await confirm()
  recoveryCodes ??= (await confirm()).recoveryCodes
  if (recoveryCodes === undefined) throw new Error('enrolment failed')
  return { secret, recoveryCodes }
}

type Enrolled = Pick<TwoFactorPerson, 'secret' | 'recoveryCodes'>

const withCodes = (world: World, made: Person, { secret, recoveryCodes }: Enrolled): TwoFactorPerson => ({
  ...made,
  secret,
  recoveryCodes,
  code() {
    world.advance(30_000)
    return totp(secret)
  },
})

const enrolled = async (world: World, made: Person): Promise<TwoFactorPerson> =>
  withCodes(world, made, await turnOnFactor(world, made.token))

/** A person with a second factor. */
export const withTwoFactor = async (world: World, input: Record<string, unknown> = {}): Promise<TwoFactorPerson> =>
  await enrolled(world, await person(world, input))

/** The same, with an address that is verified. */
export const verifiedWithTwoFactor = async (world: World, input: Record<string, unknown> = {}): Promise<TwoFactorPerson> =>
  await enrolled(world, await verifiedPerson(world, input))

/** A token of the sign-in that `idiot` and `xiot` share, as clients of `/v1` have it. */
export async function signInOnV1(world: World, { email, password }: Pick<Person, 'email' | 'password'>): Promise<string> {
  const { body } = await world.post('/v1/auth/login', { email, password })
  if (body.token === undefined) throw new Error(`sign-in failed: ${JSON.stringify(body)}`)
  return body.token
}

/** Verifies the address that an account has, by a mail. */
export async function verifyByMail(world: World, { email, token }: Pick<Person, 'email' | 'token'>): Promise<void> {
  await world.graphql('mutation { result: requestEmailVerification { __typename } }', {}, token)
  const mailed = /confirm-email#token=([\w-]+)/.exec(world.mails.findLast(({ to }) => to === email)?.text ?? '')?.[1]
  const { body } = await world.graphql('mutation($token: String!) { result: confirmEmail(input: { token: $token }) { __typename } }', {
    token: mailed,
  })
  if (body.result?.__typename !== 'ConfirmEmailSuccess') throw new Error(`verification failed: ${JSON.stringify(body)}`)
}

/** A person whose token is that of a client of `/v1`. */
export async function v1Person(world: World, input: Record<string, unknown> = {}): Promise<Person> {
  const made = await person(world, input)
  return { ...made, token: await signInOnV1(world, made) }
}

/** The same, with an address that is verified. */
export async function v1VerifiedPerson(world: World, input: Record<string, unknown> = {}): Promise<Person> {
  const made = await v1Person(world, input)
  await verify(world, made)
  return made
}

const enrolledOnV1 = async (world: World, made: Person): Promise<TwoFactorPerson> => {
  const { body, status } = await world.post('/v1/security/twofactor-enable', undefined, made.token)
  if (status !== 200) throw new Error(`enrolment failed: ${JSON.stringify(body)}`)
  return withCodes(world, made, body)
}

/** A person of `/v1` with a second factor, enrolled through `xiot`, which takes effect at once. */
export const v1WithTwoFactor = async (world: World, input: Record<string, unknown> = {}): Promise<TwoFactorPerson> =>
  await enrolledOnV1(world, await v1Person(world, input))

/** The same, with an address that is verified. */
export const v1VerifiedWithTwoFactor = async (world: World, input: Record<string, unknown> = {}): Promise<TwoFactorPerson> =>
  await enrolledOnV1(world, await v1VerifiedPerson(world, input))

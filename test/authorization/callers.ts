/**
 * Who tries the cells of the authorization matrix: one caller of each kind, what is said to them,
 * and what the database holds that a refused one must not have changed.
 */
import { expect } from 'vitest'
import type { Requirement, Standing, Verdict } from '../../src/domain/access/requirements.ts'
import { type ErrorCode, errorCodes } from '../../src/domain/base/errors.ts'
import { mutate, query } from '../graphql/ask.ts'
import { admin, PASSWORD, type Person, person, signIn, unique } from '../support/accounts.ts'
import { clock } from '../support/clock.ts'
import { scopeNames } from '../support/scopes.ts'
import type { World } from '../support/world.ts'

export const HOUR = 3_600_000

/** Tokens outlive the many days that a file of cells moves time by. The log of every cell is searched for secrets. */
export const LASTING = {
  ACCESS_TOKEN_LIFE: '9y',
  REFRESH_CHAIN_LIFE: '9y',
  PERSONAL_TOKEN_LIFE: '9y',
  LIMIT_RESET_MAILS: '1000',
  ACCESS_LOG: 'true',
  WEBHOOK_ALLOWED_NETWORKS: 'loopback',
}

/** `ended`: a token whose session has ended. `bare token` and `full token`: personal access tokens of an administrator. */
export const kinds = ['anonymous', 'ended', 'bare token', 'full token', 'user', 'stale', 'scoped', 'admin', 'stale admin'] as const
export type Kind = (typeof kinds)[number]

export interface Caller {
  readonly kind: Kind
  /** Null where nobody is signed in. */
  readonly account: Person | null
  readonly token: string | undefined
}

/** The scopes of the document of iDIoT. */
const documented = [
  'users:create',
  'users:read',
  'users:delete',
  'sensors:read',
  'sensors:update',
  'sensors:delete',
  'sensors:state:update',
] as const

const none = 'UNAUTHENTICATED'
const no = 'FORBIDDEN'
const yes = 'allowed'

/** What each standing gets for each requirement: written from the contract, and not read from the code under test. */
// biome-ignore format: a table is read by its columns
const grid: Readonly<Record<string, Readonly<Record<Standing, Verdict>>>> = {
  anyone:          { anonymous: yes,  token: yes, user: yes, scoped: yes, admin: yes },
  registration:    { anonymous: yes,  token: yes, user: yes, scoped: yes, admin: yes },
  session:         { anonymous: none, token: yes, user: yes, scoped: yes, admin: yes },
  interactive:     { anonymous: none, token: no,  user: yes, scoped: yes, admin: yes },
  'step-up':       { anonymous: none, token: no,  user: yes, scoped: yes, admin: yes },
  scope:           { anonymous: none, token: no,  user: no,  scoped: yes, admin: yes },
  admin:           { anonymous: none, token: no,  user: no,  scoped: no,  admin: yes },
  'admin step-up': { anonymous: none, token: no,  user: no,  scoped: no,  admin: yes },
}

const isScope = (requirement: Requirement): boolean => (documented as readonly string[]).includes(requirement)

/** How a kind of caller stands to a requirement, said here once more and not by the code under test. */
const standingOf: Readonly<Record<Kind, (requirement: Requirement) => Standing>> = {
  anonymous: () => 'anonymous',
  ended: () => 'anonymous',
  'bare token': () => 'token',
  'full token': (requirement) => (isScope(requirement) ? 'scoped' : 'token'),
  user: () => 'user',
  stale: () => 'user',
  scoped: (requirement) => (isScope(requirement) ? 'scoped' : 'user'),
  admin: () => 'admin',
  'stale admin': () => 'admin',
}

/** The cell of the matrix. */
export const verdictOf = (kind: Kind, requirement: Requirement): Verdict => {
  const verdict = grid[isScope(requirement) ? 'scope' : requirement]?.[standingOf[kind](requirement)]
  if (verdict === undefined) throw new Error(`no verdict for ${requirement}`)
  const isStale = kind === 'stale' || kind === 'stale admin'
  return verdict === 'allowed' && isStale && requirement.includes('step-up') ? 'REAUTHENTICATION_REQUIRED' : verdict
}

/** What was proven this long ago is young enough for step-up. */
const YOUNG = 60_000
const adminTokens = new WeakMap<World, { readonly token: string; readonly at: number }>()

/** A token of the administrator of a world, with a proof young enough for step-up. */
const adminToken = async (world: World): Promise<string> => {
  const known = adminTokens.get(world)
  if (known !== undefined && clock.now().getTime() - known.at < YOUNG) return known.token
  const at = clock.now().getTime()
  const token = await signIn(world, await admin(world))
  adminTokens.set(world, { token, at })
  return token
}

const promoted = async (world: World): Promise<Person> => {
  const someone = await person(world)
  await mutate(world, 'setAdmin', { id: someone.id, isAdmin: true }, await adminToken(world))
  return { ...someone, token: await signIn(world, someone) }
}

const personalToken = async (world: World, owner: Person, scopes: readonly string[]): Promise<string> => {
  const expiresAt = new Date(Date.now() + 8 * 365 * 24 * HOUR)
  return (
    await mutate(world, 'createPersonalAccessToken', { name: `token ${unique()}`, scopes: scopeNames(scopes), expiresAt }, owner.token)
  ).token
}

/** A caller that nobody used before. A stale one moves time on. */
export async function fresh(world: World, kind: Kind): Promise<Caller> {
  if (kind === 'anonymous') return { kind, account: null, token: undefined }
  const account = kind.includes('admin') || kind.includes('token') ? await promoted(world) : await person(world)
  if (kind === 'ended') {
    await mutate(world, 'signOutEverywhere', undefined, account.token)
    return { kind, account: null, token: account.token }
  }
  if (kind.includes('token')) {
    return { kind, account, token: await personalToken(world, account, kind === 'full token' ? documented : []) }
  }
  if (kind === 'scoped') {
    await mutate(world, 'setScopes', { id: account.id, scopes: scopeNames(documented) }, await adminToken(world))
  }
  if (kind.startsWith('stale')) world.advance(25 * HOUR)
  return { kind, account, token: account.token }
}

const kept = new WeakMap<World, Map<Kind, Promise<Caller>>>()

/** The one caller of a kind that is only ever refused. */
export const refused = (world: World, kind: Kind): Promise<Caller> => {
  const known = kept.get(world) ?? new Map<Kind, Promise<Caller>>()
  kept.set(world, known)
  const caller = known.get(kind) ?? fresh(world, kind)
  known.set(kind, caller)
  return caller
}

/** Everything that an operation could change, in one word. */
export const stateOf = async (world: World): Promise<string> => {
  const rows = await world.db.client.$queryRaw<{ state: string }[]>`
    SELECT md5(string_agg(line, '|' ORDER BY line)) AS state FROM (
      SELECT users::text AS line FROM users UNION ALL SELECT identifiers::text FROM identifiers
      UNION ALL SELECT (id, user_id, ended_at, authenticated_at, refresh_counter)::text FROM sessions
      UNION ALL SELECT opaque_tokens::text FROM opaque_tokens UNION ALL SELECT login_codes::text FROM login_codes
      UNION ALL SELECT recovery_codes::text FROM recovery_codes UNION ALL SELECT mail_tokens::text FROM mail_tokens
      UNION ALL SELECT account_undos::text FROM account_undos UNION ALL SELECT outbox::text FROM outbox UNION ALL SELECT kid || coalesce(retired_at::text, '') FROM signing_keys) AS lines`
  return rows[0]?.state ?? ''
}

export const isErrorCode = (value: unknown): value is ErrorCode => typeof value === 'string' && Object.hasOwn(errorCodes, value)

export interface Setup {
  readonly world: World
  readonly caller: Caller
  /** What is acted on belongs to this account: the caller's own or another one. */
  readonly object: Person
  /** Whether the caller passes, and so needs all that the call depends on. */
  readonly allowed: boolean
}

const bystanders = new WeakMap<World, Promise<Person>>()

/** Somebody whom only refused callers act on, and so nothing happens to. */
const bystander = (world: World): Promise<Person> => {
  const known = bystanders.get(world) ?? person(world)
  bystanders.set(world, known)
  return known
}

/** What one cell needs. */
export const setupFor = async (world: World, kind: Kind, own: boolean, allowed: boolean): Promise<Setup> => {
  const caller = allowed ? await fresh(world, kind) : await refused(world, kind)
  const other = async () => await (allowed ? person(world) : bystander(world))
  return { world, caller, allowed, object: own && caller.account !== null ? caller.account : await other() }
}

export const passwordOf = ({ caller }: Setup): string => caller.account?.password ?? PASSWORD

/** The node id of a new session of somebody. */
export const sessionOf = async (world: World, owner: Person): Promise<string> => {
  const { sessions } = await query(world, 'me { sessions { id current } }', await signIn(world, owner))
  return sessions.find(({ current }: { current: boolean }) => current).id
}

/** The node id of a new personal access token of somebody. */
export const personalTokenOf = async (world: World, owner: Person): Promise<string> => {
  const token = await signIn(world, owner)
  await personalToken(world, { ...owner, token }, [])
  const { personalAccessTokens } = await query(world, 'me { personalAccessTokens { id } }', token)
  return personalAccessTokens[0].id
}

/** The token in the last mail to an address. */
export const mailed = (world: World, to: string): string => {
  const token = /#token=([\w-]+)/.exec(world.mails.filter((mail) => mail.to === to).at(-1)?.text ?? '')?.[1]
  expect(token).toBeDefined()
  return token ?? ''
}

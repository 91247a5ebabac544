/**
 * The authorization matrix of fields and nodes: every field of an account, and every kind of node that belongs to one, read
 * by every kind of caller on their own account and on another's. For a caller outside of the audience the field fails with FORBIDDEN.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Audience, userFields as reported } from '../../src/domain/access/fields.ts'
import { expectFailure, mutate, query } from '../graphql/ask.ts'
import { admin, grant, type Person, person, signIn, turnOnFactor } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { type Caller, fresh, type Kind, kinds, LASTING, personalTokenOf } from './callers.ts'

const world = useWorld(LASTING)

type Field = keyof typeof reported

/** Who may read each field of an account: written from the contract, and not read from the code under test. */
const userFields: Readonly<Record<Field, Audience>> = {
  id: 'anyone',
  username: 'anyone',
  email: 'anyone',
  name: 'anyone',
  firstName: 'reader',
  lastName: 'reader',
  phone: 'reader',
  phoneE164: 'reader',
  bio: 'reader',
  locale: 'reader',
  emailVerified: 'reader',
  isAdmin: 'reader',
  loginDisabled: 'reader',
  scopes: 'reader',
  scopeNames: 'reader',
  twoFactorEnabled: 'reader',
  mustChangePassword: 'reader',
  createdAt: 'reader',
  updatedAt: 'reader',
  pendingEmails: 'owner',
  pendingVerification: 'owner',
  recoveryCodesLeft: 'owner',
  sessions: 'owner',
  personalAccessTokens: 'owner',
  auditEvents: 'owner',
}

const selected: Partial<Record<Field, string>> = {
  sessions: 'sessions { id }',
  pendingEmails: 'pendingEmails { address }',
  pendingVerification: 'pendingVerification { address }',
  personalAccessTokens: 'personalAccessTokens { id }',
  auditEvents: 'auditEvents(first: 1) { __typename }',
}

/** What each kind of caller may read of another account, and of their own, by audience: said here once more. */
const readable: Readonly<Record<Kind, { readonly own: readonly Audience[]; readonly other: readonly Audience[] }>> = {
  anonymous: { own: [], other: [] },
  ended: { own: [], other: [] },
  'bare token': { own: ['anyone', 'reader'], other: ['anyone'] },
  'full token': { own: ['anyone', 'reader'], other: ['anyone', 'reader'] },
  user: { own: ['anyone', 'reader', 'owner'], other: ['anyone'] },
  stale: { own: ['anyone', 'reader', 'owner'], other: ['anyone'] },
  scoped: { own: ['anyone', 'reader', 'owner'], other: ['anyone', 'reader'] },
  admin: { own: ['anyone', 'reader', 'owner'], other: ['anyone', 'reader', 'owner'] },
  'stale admin': { own: ['anyone', 'reader', 'owner'], other: ['anyone', 'reader', 'owner'] },
}

/** Fills in all that an account can have, so that null can only mean refused. */
const fill = async (someone: Person): Promise<Person> => {
  const token = await signIn(world(), someone)
  await mutate(world(), 'updateProfile', { firstName: 'Ada', lastName: 'King', phone: '01012345678', bio: 'Some words' }, token)
  await personalTokenOf(world(), someone)
  await turnOnFactor(world(), token)
  return someone
}

let other: Person
const callers = new Map<Kind, Caller>()
beforeAll(async () => {
  await admin(world())
  other = await fill(await person(world()))
  await grant(world(), other, ['sensors:read'])
  for (const kind of kinds) {
    const caller = await fresh(world(), kind)
    if (caller.account !== null) await fill(caller.account)
    callers.set(kind, caller)
  }
  // Time has moved on for those with an old proof; a mail to verify an address does not live that long.
  for (const someone of [other, ...[...callers.values()].flatMap(({ account }) => account ?? [])]) {
    expect((await mutate(world(), 'requestEmailVerification', undefined, someone.token)).user).toEqual({ id: someone.id })
  }
}, 60_000)

const cells = (Object.keys(userFields) as Field[]).flatMap((field) =>
  kinds.flatMap((kind) =>
    [true, false].map((own) => ({ field, kind, own, reported: readable[kind][own ? 'own' : 'other'].includes(userFields[field]) })),
  ),
)

const reachesOwn = (kind: Kind) => kind !== 'anonymous' && kind !== 'ended'

describe('every field of an account', () => {
  const tried = cells.filter(({ kind, own }) => !own || reachesOwn(kind))

  it.each(
    tried.map(
      (cell) =>
        [`${cell.field}, ${cell.kind} on ${cell.own ? 'the own' : 'another'}: ${cell.reported ? 'shown' : 'refused'}`, cell] as const,
    ),
  )('%s', async (_title, { field, kind, own, reported }) => {
    const caller = callers.get(kind) as Caller
    const id = own ? caller.account?.id : other.id
    const selection = `node(id: $id) { __typename ... on User { value: ${selected[field] ?? field} } }`
    const result = await query(world(), selection, caller.token, { id }, '($id: ID!)')
    if (reported) expect(result?.value ?? null).not.toBeNull()
    else if (kind === 'anonymous') expect(result).toBeNull()
    else if (kind === 'ended') expectFailure(result, 'errors', 'UNAUTHENTICATED')
    // What legacy documents print only for those who may know it.
    else if (field === 'scopeNames') expect(result).toEqual({ __typename: 'User', value: null })
    else expectFailure(result, 'errors', 'FORBIDDEN', [], userFields[field] === 'reader' ? { missingScope: 'USERS_READ' } : {})
  })

  afterAll(
    () => void process.stdout.write(`authorization matrix of fields: ${tried.length} cells of ${Object.keys(userFields).length} fields\n`),
  )
})

it('the table has every field of the schema, and no other', async () => {
  const { body } = await world().graphql('{ result: __type(name: "User") { fields { name } } }')
  expect(reported).toEqual(userFields)
  expect(body.result.fields.map(({ name }: { name: string }) => name).sort()).toEqual(Object.keys(userFields).sort())
})

describe('what belongs to an account, as a node', () => {
  const newest = 'auditEvents(first: 1) { ... on AuditEventConnection { edges { node { id } } } }'
  const ownBy = async ({ token }: Person) =>
    await query(world(), `me { sessions { id current } personalAccessTokens { id } ${newest} }`, token)

  const nodes: Readonly<Record<string, (owner: Person) => Promise<string>>> = {
    Session: async (owner) => (await ownBy(owner)).sessions.find(({ current }: { current: boolean }) => current).id,
    PersonalAccessToken: async (owner) => (await ownBy(owner)).personalAccessTokens[0].id,
    AuditEvent: async (owner) => (await ownBy(owner)).auditEvents.edges[0].node.id,
  }

  const tried = Object.keys(nodes).flatMap((type) =>
    kinds.flatMap((kind) => (reachesOwn(kind) ? [true, false] : [false]).map((own) => ({ type, kind, own }))),
  )

  it.each(tried.map((cell) => [`${cell.type}, ${cell.kind} on ${cell.own ? 'the own' : "another's"}`, cell] as const))(
    '%s',
    async (_title, { type, kind, own }) => {
      const caller = callers.get(kind) as Caller
      const id = await nodes[type]?.(own ? (caller.account as Person) : other)
      const result = await query(world(), 'node(id: $id) { __typename id }', caller.token, { id }, '($id: ID!)')
      const reported = readable[kind][own ? 'own' : 'other'].includes('owner')
      if (kind === 'ended') expectFailure(result, 'errors', 'UNAUTHENTICATED')
      else expect(result).toEqual(reported ? { __typename: type, id } : null)
    },
  )
})

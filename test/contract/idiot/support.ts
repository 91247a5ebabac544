/**
 * What the contract tests of `idiot` share: scopes, and one person who holds them (sections 1 and 2 of the contract).
 */
import { beforeAll, expect, it } from 'vitest'
import { type Person, person } from '../../support/accounts.ts'
import { scopeNames } from '../../support/scopes.ts'
import type { Answer } from '../../support/world.ts'
import { enter, expectProblem } from '../v1/support.ts'
import { useV1World } from '../v1/world.ts'

export const NO_ONE = '00000000-0000-4000-8000-000000000000'

export const SCOPES = [
  'users:create',
  'users:read',
  'users:delete',
  'sensors:read',
  'sensors:update',
  'sensors:delete',
  'sensors:state:update',
]

/** What an administrator has. */
export const EVERY = [
  'perm:users:create',
  'perm:users:read',
  'perm:users:delete',
  'perm:sensors:read',
  'perm:sensors:update',
  'perm:sensors:delete',
  'perm:sensors:state:update',
]

/** Scopes that cover `scope`, and some that do not. */
export const covering = (scope: string): string[] => ['users', scope, `perm:${scope}`, 'perm:users', 'perm']
const lacking = (scope: string): string[][] => [[], ...SCOPES.filter((other) => other !== scope).map((other) => [other]), ['sensors']]

/** One world for a file, with an administrator and one person for all questions of scopes. */
export function useIdiot() {
  const world = useV1World()
  const asAdmin = (): { token: string } => ({ token: world.admin() })
  /** One person for all questions of scopes, who holds these from now on, as an import leaves them or as the administrator grants them. */
  let subject: Person
  beforeAll(async () => {
    const made = await person(world())
    subject = { ...made, token: (await enter(world(), made)).token }
  })
  const setScopes = async (id: string, scopes: string[]): Promise<void> => {
    const { body } = await world().graphql(
      'mutation($input: SetScopesInput!) { result: setScopes(input: $input) { ... on SetScopesSuccess { user { id } } ... on Error { code } } }',
      { input: { id, scopes: scopeNames(scopes) } },
      world.admin(),
    )
    expect(body.result).toEqual({ user: { id } })
  }
  const holder = async (...scopes: string[]): Promise<Person> => {
    await setScopes(subject.id, scopes)
    return subject
  }
  const imported = async (...scopes: string[]): Promise<Person> => {
    await world().db.client.user.update({ where: { id: subject.id }, data: { scopes } })
    return subject
  }
  const scopeCases = (scope: string, covered: number, call: (token: string) => Promise<Answer>): void => {
    it.each(lacking(scope).map((scopes) => ({ scopes })))('403 with the scopes $scopes', async ({ scopes }) => {
      const { token } = await holder(...scopes)
      expectProblem(await call(token), 403, { message: `missing permission ${scope}` })
    })

    it('403 with all other scopes together', async () => {
      const { token } = await holder(...SCOPES.filter((other) => other !== scope))
      expectProblem(await call(token), 403, { message: `missing permission ${scope}` })
    })

    it.each([scope.slice(0, 7), 'user', 'users:*', '*', `${scope}:more`, 'perm:users:c', ':', ''])(
      'an imported scope %j covers nothing',
      async (scopes) => {
        const { token } = await imported(scopes)
        expectProblem(await call(token), 403, { message: `missing permission ${scope}` })
      },
    )

    it.each(['perm', `perm:${scope}`, 'perm:users', 'users'])('an imported scope %j covers it', async (scopes) => {
      const { token } = await imported(scopes)
      expect((await call(token)).status).toBe(covered)
    })

    it('a scope that was taken away is gone at once', async () => {
      const someone = await holder(scope)
      expect((await call(someone.token)).status).toBe(covered)
      await holder()
      expectProblem(await call(someone.token), 403, { message: `missing permission ${scope}` })
    })
  }

  return { world, asAdmin, setScopes, holder, scopeCases }
}

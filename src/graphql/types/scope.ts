/** The scopes that can be granted, as an enum. */
import type { Grant } from '../../domain/base/scopes.ts'
import { builder } from '../builder.ts'
import { scopeName } from '../scopeName.ts'

const grants: Readonly<Record<Grant, string>> = {
  perm: 'Every scope.',
  users: 'Every scope that begins with `users:`.',
  'users:create': 'Create accounts.',
  'users:read': 'Read all accounts.',
  'users:delete': 'Delete accounts that are not administrators.',
  sensors: 'Every scope that begins with `sensors:`.',
  'sensors:read': 'For the services that accept the tokens of this server: read sensors.',
  'sensors:update': 'For the services that accept the tokens of this server: change sensors.',
  'sensors:delete': 'For the services that accept the tokens of this server: delete sensors.',
  'sensors:state': 'Every scope that begins with `sensors:state:`.',
  'sensors:state:update': 'For the services that accept the tokens of this server: set the state of sensors.',
}

export const ScopeEnum = builder.enumType('Scope', {
  description: 'What an account or a token may do. A scope covers those whose names begin with its own: `USERS` covers `USERS_READ`.',
  values: Object.fromEntries(
    Object.entries(grants).map(([value, description]) => [scopeName(value), { value: value as Grant, description }]),
  ),
})

const isGrant = (name: string): name is Grant => Object.hasOwn(grants, name)

/** The scopes of `names` that the enum has; an imported account may have others. */
export const grantsIn = (names: readonly string[]): Grant[] => [
  ...new Set(names.map((name) => (name === 'perm' ? name : name.replace(/^perm:/, ''))).filter(isGrant)),
]

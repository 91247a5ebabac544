/** Scopes as `/v1` writes them, with or without the old prefix `perm:`, as scopes of the schema. */
import type { Grant } from '../../domain/base/scopes.ts'
import type { Scope } from '../operations.ts'

const scopeOf: Readonly<Record<Grant, Scope>> = {
  perm: 'ALL',
  users: 'USERS',
  'users:create': 'USERS_CREATE',
  'users:read': 'USERS_READ',
  'users:delete': 'USERS_DELETE',
  sensors: 'SENSORS',
  'sensors:read': 'SENSORS_READ',
  'sensors:update': 'SENSORS_UPDATE',
  'sensors:delete': 'SENSORS_DELETE',
  'sensors:state': 'SENSORS_STATE',
  'sensors:state:update': 'SENSORS_STATE_UPDATE',
}

/** Undefined for a scope that cannot be granted. */
export const toScope = (text: string): Scope | undefined => {
  const name = text.replace(/^perm:/, '')
  return Object.hasOwn(scopeOf, name) ? scopeOf[name as Grant] : undefined
}

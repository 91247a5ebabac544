/** The documented scopes, and what each covers (contract, section 1; `iDIoT backend API`, authLogin). */
export const scopes = [
  'users:create',
  'users:read',
  'users:delete',
  'sensors:read',
  'sensors:update',
  'sensors:delete',
  'sensors:state:update',
] as const
export type Scope = (typeof scopes)[number]

/** What can be granted: a documented scope, one that covers several of them, or (`perm`) all. */
export type Grant = Scope | 'users' | 'sensors' | 'sensors:state' | 'perm'

/** A scope covers those below it, by whole segments. The old prefix `perm:` is ignored; `perm` alone covers everything. */
export const covers = (held: string, wanted: string): boolean => {
  if (held === 'perm') return true
  const scope = held.replace(/^perm:/, '')
  return scope !== '' && (wanted === scope || wanted.startsWith(`${scope}:`))
}

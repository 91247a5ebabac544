/**
 * The documented scopes, and what holding one means (contract, section 1; `iDIoT backend API`, authLogin).
 */
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

/** A held scope covers what is below it by whole segments; the old `perm:` prefix is dropped, and `perm` alone is all. */
export const covers = (held: string, wanted: string): boolean => {
  if (held === 'perm') return true
  const scope = held.replace(/^perm:/, '')
  return scope !== '' && (wanted === scope || wanted.startsWith(`${scope}:`))
}

/** The name of a scope in the schema: `users:read` is `USERS_READ`, and `perm` is `ALL`. */
export const scopeName = (scope: string): string => (scope === 'perm' ? 'ALL' : scope.toUpperCase().replaceAll(':', '_'))

/** Scopes as the schema names them: `users:read` is USERS_READ, and `perm`, which stands for all, is ALL. */
export const scopeNames = (scopes: readonly string[]): string[] =>
  scopes.map((scope) =>
    scope === 'perm'
      ? 'ALL'
      : scope
          .replace(/^perm:/, '')
          .toUpperCase()
          .replaceAll(':', '_'),
  )

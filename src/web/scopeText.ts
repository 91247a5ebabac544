/** A scope as people and scripts write it: `users:read`. */
export const scopeText = (scope: string): string => scope.toLowerCase().replaceAll('_', ':')

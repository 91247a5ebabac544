/** What becomes of an account whose id or identifier another one has: it is left out, added to that one, or ends the import. */
export const conflictRules = ['skip', 'merge', 'fail'] as const
export type OnConflict = (typeof conflictRules)[number]

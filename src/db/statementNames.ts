/**
 * Names for prepared statements, derived from their text, so that a query is parsed and planned once per connection, which halves
 * PostgreSQL's work. Queries with lists have a variant for each length, so the number of names is limited; further statements are
 * unnamed.
 */
import { createHash } from 'node:crypto'

/**
 * Begins a statement whose best plan depends on its values, such as a search: without a name, it is planned for them each time. With a name,
 * PostgreSQL would soon take a plan that is the same for all.
 */
export const PLANNED_ANEW = '/* planned anew */'

export function statementNames(limit = 500): (query: { readonly sql: string; readonly args: readonly unknown[] }) => string {
  const names = new Map<string, string>()
  return ({ sql, args }) => {
    if (args.length === 0 || sql.startsWith(PLANNED_ANEW)) return ''
    const known = names.get(sql)
    if (known !== undefined) return known
    if (names.size >= limit) return ''
    const name = createHash('sha256').update(sql).digest('base64url').slice(0, 22)
    names.set(sql, name)
    return name
  }
}

/**
 * Logs at start what is being retired: one line for each dialect with such routes.
 */
import type { Log } from '../domain/base/ports.ts'
import type { Dialect, Retirement, Row } from './dialect.ts'

/** The routes of which it is true; `all`, where it is of every one that it could be. */
const telling = (rows: readonly Row[], isTrue: (retirement: Retirement) => boolean): 'all' | readonly string[] => {
  const found = rows.filter(({ retirement }) => retirement !== undefined && isTrue(retirement))
  return found.length > 0 && found.length === rows.length ? 'all' : found.map(({ method, path }) => `${method} ${path}`)
}

export const logRetirement = (dialects: readonly Dialect[], log: Log): void => {
  for (const { name, mounts } of dialects) {
    const rows = mounts.flatMap((mount) => mount.rows)
    const facts = {
      deprecated: telling(rows, ({ deprecation }) => deprecation !== undefined),
      sunset: telling(rows, ({ sunset }) => sunset !== undefined),
      readOnly: telling(
        rows.filter(({ changes }) => changes === 'accounts'),
        ({ readOnly }) => readOnly,
      ),
      switchedOff: telling(rows, ({ off }) => off),
      heldBySharing: telling(rows, ({ held }) => held),
    }
    const present = Object.fromEntries(Object.entries(facts).filter(([, routes]) => routes.length > 0))
    if (Object.keys(present).length > 0) log.info({ dialect: name, ...present }, 'a dialect is being retired')
  }
}

/**
 * Counts each request to a row once it is answered: by dialect, route, client, and the surface of the token. The caller is not
 * looked up for it: where the row asked for nobody, there is no token to tell of. No wait, no statement.
 */

import type { Surface } from '../domain/base/surfaces.ts'
import type { ReadCaller } from '../domain/frame/caller.ts'
import type { Row } from './dialect.ts'
import type { Backend, Handled } from './handler.ts'

interface Counted {
  readonly dialect: string
  readonly row: Row
  readonly headers: Headers
}

/** Lets `answer` find out who calls by the reader that it is handed, and counts what came of it. */
export async function counted(
  count: Backend['count'],
  { dialect, row, headers }: Counted,
  readCaller: ReadCaller,
  answer: (readCaller: ReadCaller) => Promise<Handled>,
): Promise<Response> {
  let tokenSurface: Surface | null = null
  const { response, refused } = await answer(async (...asked) => {
    const caller = await readCaller(...asked)
    tokenSurface = (caller.viewer?.session.surface as Surface | undefined) ?? null
    return caller
  })
  const proven = tokenSurface !== null || (!refused && row.changes === 'sessions')
  count({ dialect, route: `${row.method} ${row.path}`, userAgent: headers.get('user-agent'), tokenSurface, refused, proven })
  return response
}

/** Writing to standard output and error at the pace of whoever reads them. */
import type { Writable } from 'node:stream'

/** Resolves when it is written; what nobody reads any more, such as after `| head`, is dropped. */
export const printTo = (stream: Writable, text: string | Uint8Array): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed || text.length === 0) resolve()
    else stream.write(text, () => resolve())
  })

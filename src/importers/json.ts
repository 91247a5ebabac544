/** Our own intermediate form: JSON Lines, an account each (docs/moving/form.md). */
import { type Importer, WrongOption } from './importer.ts'
import { jsonLinesOf } from './sources/jsonLines.ts'

const EVERYTHING =
  'this is an export of everything: `vestibule restore` reads it into an empty database, and `vestibule export json` writes accounts for this import'

/** The first line of `export all`. Its accounts, sessions and tokens are lines of their own, which belong together only in a whole database. */
const isHeader = (document: unknown): boolean => {
  const { type, format } = (document ?? {}) as { readonly type?: unknown; readonly format?: unknown }
  return type === 'header' && format === 'vestibule'
}

export const json: Importer = {
  name: 'json',
  summary: "Vestibule's own form of accounts, as JSON Lines",
  options: [],
  async *read(source) {
    let isFirst = true
    for await (const read of jsonLinesOf(source)) {
      if (isFirst && 'document' in read && isHeader(read.document)) throw new WrongOption(EVERYTHING)
      isFirst = false
      yield 'reason' in read ? read : { given: read.document }
    }
  },
}

/** Our own intermediate form: JSON Lines, an account each (docs/moving/form.md). */
import type { Importer } from './importer.ts'
import { jsonLinesOf } from './sources/jsonLines.ts'

export const json: Importer = {
  name: 'json',
  summary: "Vestibule's own form of accounts, as JSON Lines",
  options: [],
  async *read(source) {
    for await (const document of jsonLinesOf(source)) yield 'reason' in document ? document : { given: document.document }
  },
}

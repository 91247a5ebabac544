/**
 * Writes `docs/openapi/<dialect>.json`, the OpenAPI documents of the dialects under the default settings: `npm run docs:openapi`.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { enabledDialects } from '../rest/dialects.ts'
import { openApiOf } from '../rest/openapi/document.ts'

export function main({ root }: { root: string }): void {
  const directory = join(root, 'docs/openapi')
  mkdirSync(directory, { recursive: true })
  for (const dialect of enabledDialects(readConfig({})))
    writeFileSync(join(directory, `${dialect.name}.json`), `${JSON.stringify(openApiOf(dialect), null, 2)}\n`)
}

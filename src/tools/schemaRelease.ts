/**
 * `npm run schema:release`: stores schema.graphql as the schema of the version in package.json, with which later changes are
 * compared. A stored schema is never changed: a different one for the same version is refused, with code 1.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { currentVersion, releasePath } from './releases.ts'

/** Whether the schema is stored now, and the message. */
export const keepRelease = (root: string): { readonly kept: boolean; readonly text: string } => {
  const path = releasePath(currentVersion(root))
  const file = join(root, path)
  const schema = readFileSync(join(root, 'schema.graphql'), 'utf8')
  if (existsSync(file)) {
    if (readFileSync(file, 'utf8') === schema) return { kept: true, text: `${path} is current.\n` }
    return { kept: false, text: `${path} is there and says something else: raise the version in package.json first.\n` }
  }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, schema)
  return { kept: true, text: `Wrote ${path}.\n` }
}

export async function main({ root }: { root: string }): Promise<void> {
  const { kept, text } = keepRelease(root)
  if (kept) process.stdout.write(text)
  else {
    process.stderr.write(text)
    process.exitCode = 1
  }
}

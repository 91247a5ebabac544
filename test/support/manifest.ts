/** Manifests of persisted documents for the tests of one file, as files that are gone afterwards. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** To be called where the file begins. */
export const useManifests = () => {
  const directory = mkdtempSync(join(tmpdir(), 'vestibule-manifest-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  let written = 0
  /** A file with that text. */
  const fileOf = (text: string): string => {
    const path = join(directory, `${++written}.json`)
    writeFileSync(path, text)
    return path
  }
  /** A manifest of these documents. */
  const manifestOf = (...documents: string[]): string =>
    fileOf(JSON.stringify(Object.fromEntries(documents.map((document) => [sha256(document), document]))))
  return { fileOf, manifestOf }
}

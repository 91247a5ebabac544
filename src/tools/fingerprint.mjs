/** What a file or a whole directory contains, as one hash: two trees with the same names and bytes have the same. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './childProcess.mjs'

const filesOf = (path, skip) => {
  if (skip.includes(path) || !existsSync(join(root, path))) return []
  if (statSync(join(root, path)).isFile()) return [path]
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`, skip))
}

/** @param paths relative to the root; @param skip those below them that do not count */
export function fingerprint(paths, skip = []) {
  const hash = createHash('sha256')
  for (const path of paths.flatMap((path) => filesOf(path, skip))) {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex')
}

/**
 * Creates a directory and its parents, only for the owner. Node's own recursive option loops forever if a directory cannot be
 * created although its parent exists, as in /proc.
 */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Another process may have created it meanwhile. */
const unlessThere = (error: NodeJS.ErrnoException): void => {
  if (error.code !== 'EEXIST') throw error
}

export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeDirectory(dirname(path))
    await mkdir(path, { mode: 0o700 }).catch(unlessThere)
  }
}

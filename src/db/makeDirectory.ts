/**
 * Makes a directory and those above it, for the owner only. Node's own recursive form goes round for ever where a directory
 * cannot be made although the one above it is there, as in /proc.
 */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Another process may have made it meanwhile. */
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

/**
 * Whether node_modules holds what package-lock.json asks for. npm leaves a list of what it installed; the two are compared by
 * content, as the times of the files say little after a `git checkout`. Optional packages may be absent.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './childProcess.mjs'

const packagesOf = (path) => {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

export function isInstalled() {
  const wanted = packagesOf('package-lock.json')
  const present = packagesOf('node_modules/.package-lock.json')
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || (present[path] ? present[path].version === version : optional),
  )
}

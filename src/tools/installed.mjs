/**
 * Whether node_modules holds what package-lock.json asks for. npm leaves a list of what it installed; the two are compared by
 * content, as the times of the files say little after a `git checkout`. Optional packages may be absent.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './childProcess.mjs'

const packagesOf = (path) => {
  try {
    return JSON.parse(readFileSync(join(root, path), 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

/** What a server does without: packages for development alone. */
const isForDevelopment = ({ dev, devOptional }) => Boolean(dev ?? devOptional)

const isThere = (path, version, present) => {
  const noted = present[path]
  if (noted !== undefined) return noted.version === version
  // Another installer, or an image that packages were copied into, leaves no list.
  return Object.keys(present).length === 0 && existsSync(join(root, path))
}

/** @param {{ production?: boolean }} options `production` asks for what the build needs at run time alone */
export function isInstalled({ production = false } = {}) {
  const wanted = Object.entries(packagesOf('package-lock.json')).filter(([path]) => path !== '')
  const present = packagesOf('node_modules/.package-lock.json')
  if (!production)
    return wanted.every(([path, { version, optional }]) => present[path]?.version === version || (optional && !present[path]))
  return wanted.every(([path, entry]) => isForDevelopment(entry) || entry.optional || isThere(path, entry.version, present))
}

/** How many packages an installation has, to the nearest ten; those of other platforms do not count. */
export function packageCount() {
  const { length } = Object.values(packagesOf('package-lock.json')).filter(({ optional }) => !optional)
  return Math.round(length / 10) * 10
}

/**
 * What production consists of, from package-lock.json: the packages that `npm ci --omit=dev` installs, and those of development of which the
 * build holds code. `npm run docs:packages` writes the bill of materials and the page of licences from it.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './childProcess.mjs'

const nameIn = (path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

/** The path in the lock of the package that `name` is, seen from the package at `from`. */
const resolveFrom = (packages, from, name) => {
  for (let place = from; ; place = place.slice(0, Math.max(0, place.lastIndexOf('/node_modules/')))) {
    const path = `${place === '' ? '' : `${place}/`}node_modules/${name}`
    if (path in packages) return path
    if (place === '' || !place.includes('node_modules/')) return undefined
  }
}

/**
 * @param {readonly string[]} bundled paths of packages, such as `node_modules/@prisma/client`, of which the build has code
 * @returns every package of production, by its path in the lock
 */
export const productionPackages = (bundled) => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && (!dev || bundled.includes(path)))
    .map(([path, entry]) => {
      const needs = Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
      const needed = needs.flatMap((name) => resolveFrom(packages, path, name) ?? [])
      return { path, name: nameIn(path), bundled: bundled.includes(path), needed, ...entry }
    })
}

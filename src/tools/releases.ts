/**
 * The schemas of releases, one file per version in docs/releases: what front ends can rely on. They are files, not tags, so that a
 * shallow clone has them. Versions are three numbers (semver).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export const RELEASES = 'docs/releases'

export type Version = readonly [major: number, minor: number, patch: number]

/** Undefined if the text is not like `1.2.3`. */
export const versionOf = (text: string): Version | undefined => {
  const [, major, minor, patch] = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(text) ?? []
  return patch === undefined ? undefined : [Number(major), Number(minor), Number(patch)]
}

export const compareVersions = (a: Version, b: Version): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]

/** Whether the step between two versions allows breaking changes: a new major version, or a new minor version while the major is 0. */
export const mayBreak = (from: Version, to: Version): boolean => to[0] > from[0] || (to[0] === 0 && from[0] === 0 && to[1] > from[1])

/** The version in package.json. @throws if it is not three numbers */
export const currentVersion = (root: string): Version => {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const parsed = versionOf(version)
  if (parsed === undefined) throw new Error(`the version in package.json is not of the form 1.2.3: ${version}`)
  return parsed
}

/** The newest version with a stored schema, or undefined. */
export const newestRelease = (root: string): Version | undefined => {
  const directory = join(root, RELEASES)
  const names = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.graphql')) : []
  const versions = names.map((name) => versionOf(name.slice(0, -'.graphql'.length))).filter((version) => version !== undefined)
  return versions.sort(compareVersions).at(-1)
}

/** The path of a release's schema, relative to the root. */
export const releasePath = (version: Version): string => `${RELEASES}/${version.join('.')}.graphql`

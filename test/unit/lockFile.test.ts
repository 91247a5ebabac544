/** package-lock.json says of every package what it has to contain: without a hash npm installs whatever it is given. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Entry {
  readonly version?: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly os?: readonly string[]
}

const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, Entry>
}
const installed = Object.entries(packages).filter(([path, { link }]) => path !== '' && link !== true)

test('every package has the SHA-512 of its archive, those of other platforms too', () => {
  expect(installed.length).toBeGreaterThan(600)
  const without = installed.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z\d+/]{86}==$/.test(integrity))
  expect(without.map(([path, { version }]) => `${path}@${version}`)).toEqual([])
})

test('no package names the place that it was fetched from, so that every registry will do', () => {
  expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([])
})

test('no package runs a script when it is installed, and npm asks about none', () => {
  const { allowScripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { allowScripts: object }
  const names = installed
    .filter(([, { hasInstallScript, os }]) => hasInstallScript === true && os === undefined)
    .map(([path]) => path.slice('node_modules/'.length))
  expect(names.length).toBeGreaterThan(3)
  expect(names.filter((name) => !(name in allowScripts))).toEqual([])
  expect(Object.values(allowScripts).every((isAllowed) => isAllowed === false)).toBe(true)
})

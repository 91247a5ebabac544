/** What production consists of, as docs/sbom.cdx.json and docs/licences.md say it; `npm run drift` proves that they are current. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Component {
  readonly 'bom-ref': string
  readonly name: string
  readonly version: string
  readonly hashes: readonly { readonly alg: string; readonly content: string }[]
  readonly licenses: readonly { readonly expression: string }[]
  readonly properties: readonly { readonly value: string }[]
}

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { components, dependencies } = JSON.parse(read('docs/sbom.cdx.json')) as {
  components: readonly Component[]
  dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}
const { packages } = JSON.parse(read('package-lock.json')) as {
  packages: Record<string, { dev?: boolean; version?: string; integrity?: string }>
}

test('every package that production installs is in the bill of materials, in the version and with the hash of the lock', () => {
  const parts = new Map(components.map((component) => [component['bom-ref'], component]))
  for (const [path, { dev, version, integrity = '' }] of Object.entries(packages)) {
    if (path === '' || dev) continue
    const content = Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex')
    expect(parts.get(path), path).toMatchObject({ version, hashes: [{ alg: 'SHA-512', content }] })
  }
})

test('so is every package of development of which the build has code: Prisma’s client', () => {
  const bundled = components.filter((component) => packages[component['bom-ref']]?.dev)
  expect(bundled.map(({ name }) => name)).toContain('@prisma/client')
  expect(bundled.filter(({ properties }) => properties[0]?.value !== 'dist')).toEqual([])
})

test('each component and each of its needs is listed once', () => {
  const refs = components.map((component) => component['bom-ref'])
  expect(new Set(refs).size).toBe(refs.length)
  expect(dependencies.slice(1).map(({ ref }) => ref)).toEqual(refs)
  expect(dependencies.flatMap(({ dependsOn }) => dependsOn).filter((ref) => !refs.includes(ref))).toEqual([])
})

test('every licence lets an MIT program be shipped with the package', () => {
  const allowed = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT', 'MIT-0', 'Unlicense']
  const others = components.filter(({ licenses }) => !allowed.includes(licenses[0]?.expression ?? ''))
  expect(others.map(({ name, licenses }) => `${name}: ${licenses[0]?.expression}`)).toEqual([])
})

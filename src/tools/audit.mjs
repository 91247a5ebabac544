/**
 * `npm run audit`: asks the registry for known vulnerabilities of the packages of production, bundled ones too (docs/sbom.cdx.json). It ends
 * with 1 if there is one, with 2 if the registry does not answer that question: then nothing is known, and CI must not take it for "none".
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './childProcess.mjs'

const { components } = JSON.parse(readFileSync(join(root, 'docs/sbom.cdx.json'), 'utf8'))
const production = new Set(components.map((component) => component['bom-ref']))
const { stdout } = spawnSync('npm', ['audit', '--json'], { cwd: root, encoding: 'utf8', maxBuffer: 1e9 })

const read = () => {
  try {
    return JSON.parse(stdout)
  } catch {
    return {}
  }
}
const { vulnerabilities, message, error } = read()
if (vulnerabilities === undefined) {
  process.stderr.write(`Nothing is known: the registry did not answer (${(message ?? error?.summary ?? 'no answer').trim()}).\n`)
  process.exit(2)
}
const found = Object.values(vulnerabilities).filter(({ nodes }) => nodes.some((node) => production.has(node)))
for (const { name, severity, range } of found) process.stdout.write(`${severity}: ${name} ${range}\n`)
process.stdout.write(`${production.size} packages of production, ${found.length} with a known vulnerability.\n`)
process.exitCode = found.length === 0 ? 0 : 1

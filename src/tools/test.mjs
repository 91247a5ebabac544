/**
 * `npm test`: makes what is missing, then runs the test suite. Arguments go to vitest, such as `npm test -- --project pglite
 * test/db`, and the exit code is vitest's.
 */
import { spawn } from 'node:child_process'
import { root } from './childProcess.mjs'
import { prepare } from './prepare.mjs'

await prepare()
const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => process.exit(code ?? 1))

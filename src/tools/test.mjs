/**
 * `npm test`: makes what is missing, then runs the test suite. Arguments go to vitest, such as `npm test -- --project pglite
 * test/db`, and the exit code is vitest's.
 */
import { spawn } from 'node:child_process'
import { root } from './childProcess.mjs'
import { prepare } from './prepare.mjs'

/**
 * Most code of a test runs a few times, so V8 compiles it for speed in vain; and helpers of the garbage collector take processors from the other
 * workers. Without both, the suite takes three quarters of the time.
 */
const V8 = ['--single-threaded-gc', '--interrupt-budget=2000000']

await prepare()
const child = spawn(process.execPath, [...V8, 'node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.once('exit', (code) => process.exit(code ?? 1))

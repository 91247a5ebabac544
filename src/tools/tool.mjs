/**
 * `npm run migrate` and `npm run usage`: commands of `vestibule` (docs/cli.md), after what is missing was made (prepare.mjs). They end with
 * 0 or 1, as they always did.
 */
import { makeReady } from './prepare.mjs'

await makeReady()
process.on('exit', (code) => {
  if (code !== 0) process.exitCode = 1
})
await import('../../dist/cli.js')

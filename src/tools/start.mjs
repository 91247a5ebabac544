/**
 * `npm start`: makes what is missing, then runs the server in the same process, so that signals reach it. In production it makes
 * nothing and says what to run.
 */
import { makeReady } from './prepare.mjs'

await makeReady()
process.setSourceMapsEnabled(true)
await import('../../dist/main.js')

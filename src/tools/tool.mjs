/**
 * `npm run migrate` and `npm run usage`: tools for operators, run from the build without development packages. What is missing is
 * made first (prepare.mjs). Warnings of Node.js and drivers are one line each on standard error.
 */
import { root } from './childProcess.mjs'
import { makeReady } from './prepare.mjs'

const [name, ...args] = process.argv.slice(2)
await makeReady()
process.removeAllListeners('warning')
process.on('warning', ({ message }) => process.stderr.write(`vestibule: warning: ${message.split('\n')[0]}\n`))
process.setSourceMapsEnabled(true)
const { main } = await import(`../../dist/${name}.js`)
await main({ root, args })

/** `npm start`: makes what is missing, then becomes the program, in this very process, so that signals reach it. */
import { prepare } from './prepare.mjs'

await prepare()
process.setSourceMapsEnabled(true)
await import('../../dist/main.js')

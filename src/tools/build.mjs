/** `npm run build`: everything that `npm start` would make first. */
import { prepare } from './prepare.mjs'

await prepare()

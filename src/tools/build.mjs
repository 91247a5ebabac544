/** `npm run build`: builds everything that `npm start` would build first. */
import { prepare } from './prepare.mjs'

await prepare()

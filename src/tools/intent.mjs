/**
 * Whether this is a server that others use, where a start must install and build nothing: NODE_ENV, of the environment or of `.env`,
 * is anything but development or test. A word that is none is refused later; until then it counts as production.
 */
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

const ofFile = () => {
  try {
    return parseEnv(readFileSync('.env', 'utf8')).NODE_ENV
  } catch {
    return undefined
  }
}

export const isProduction = () => {
  const name = (process.env.NODE_ENV ?? ofFile() ?? '').trim()
  return !['', 'development', 'test'].includes(name)
}

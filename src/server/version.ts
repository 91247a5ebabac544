/** The version of the program. */
import { readFileSync } from 'node:fs'

/** @param root the directory of package.json */
export const readVersion = (root: string): string =>
  (JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as { version: string }).version

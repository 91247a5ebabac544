/**
 * An OpenAPI document as Widdershins 4 prints it, with the options that the originals were made with. It compiles its templates at
 * the first call (some 100 ms); it changes what it is given, so it gets a copy.
 */
import { createRequire } from 'node:module'

interface Widdershins {
  convert(document: object, options: object): Promise<string>
}

const require = createRequire(import.meta.url)
const { convert } = require('widdershins') as Widdershins
/** Its template engine, which else prints what it compiles. */
const engine = createRequire(require.resolve('widdershins'))('dot') as { log: boolean }
engine.log = false

/** `codeSamples` show the URL that is called; of the languages, the shell is enough. */
const options = { codeSamples: true, sample: true, search: true, headings: 2, maxDepth: 10, language_tabs: [{ shell: 'Shell' }] }

export const markdownOf = (document: object): Promise<string> => convert(structuredClone(document), { ...options })

/**
 * The built pages (`dist/web`, made by `npm run build` from `src/web`): index.html and its assets, each also compressed. Only names that
 * were there at the start are served. An asset is read from the disk for each request: browsers keep it for good, as its name has its hash.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { StartupError } from '../db/startupError.ts'

/** How an asset may be compressed, the better first, each with the ending of its file. */
export const encodings = { br: '.br', gzip: '.gz' } as const
export type Encoding = keyof typeof encodings

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

export interface Asset {
  readonly type: string
  read(encoding: Encoding | undefined): Promise<Uint8Array>
}

export interface WebFiles {
  /** The text of index.html. */
  readonly document: string
  readonly assets: ReadonlyMap<string, Asset>
}

const COMPRESSED: readonly string[] = Object.values(encodings)

/**
 * @param root the directory of package.json
 * @throws {StartupError} if nothing was built
 */
export function readWebFiles(root: string): WebFiles {
  const directory = join(root, 'dist/web')
  try {
    const names = readdirSync(join(directory, 'assets')).filter((name) => !COMPRESSED.includes(extname(name)))
    const assetOf = (name: string): Asset => ({
      type: types[extname(name)] ?? 'application/octet-stream',
      read: async (encoding) => await readFile(join(directory, 'assets', name + (encoding === undefined ? '' : encodings[encoding]))),
    })
    return {
      document: readFileSync(join(directory, 'index.html'), 'utf8'),
      assets: new Map(names.map((name) => [name, assetOf(name)])),
    }
  } catch (error) {
    throw new StartupError(
      `the pages cannot be read from ${directory}: run \`npm run build\` (${error instanceof Error ? error.message : error})`,
    )
  }
}

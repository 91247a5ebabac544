/**
 * Builds the pages of `src/web` into `dist/web` with Vite, and compresses each asset beside it. It is a process of its own: Vite's helper
 * process would live as long as the server.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { root } from './childProcess.mjs'

const assets = join(root, 'dist/web/assets')

const compress = (name) => {
  const content = readFileSync(join(assets, name))
  writeFileSync(join(assets, `${name}.gz`), gzipSync(content, { level: 9 }))
  writeFileSync(join(assets, `${name}.br`), brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }))
}

await build({ configFile: join(root, 'src/web/vite.config.ts'), logLevel: 'warn' })
readdirSync(assets).forEach(compress)

/** The packages of which the pages have code, by their paths: `node_modules/react-dom`. */
import { join, relative } from 'node:path'
import { build } from 'vite'
import { root } from './childProcess.mjs'

const PACKAGE = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/

export async function pagePackages() {
  const { output } = await build({ configFile: join(root, 'src/web/vite.config.ts'), logLevel: 'warn', build: { write: false } })
  const modules = output.flatMap((chunk) => (chunk.type === 'chunk' ? Object.entries(chunk.modules) : []))
  const paths = modules.flatMap(([id, { renderedLength }]) =>
    renderedLength > 0 ? (PACKAGE.exec(relative(root, id.replace(/^\0/, ''))) ?? []) : [],
  )
  return [...new Set(paths)].sort()
}

/**
 * Whether Node takes a file for CommonJS, by its ending or by the `type` of the nearest package.json, and what it says then of one that is
 * an ES module (https://nodejs.org/api/packages.html#determining-module-system). Read only to say why a module cannot be loaded.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const typeOf = (directory: string): unknown => {
  const manifest = join(directory, 'package.json')
  if (existsSync(manifest)) return (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly type?: unknown }).type
  const above = dirname(directory)
  return above === directory ? undefined : typeOf(above)
}

const isCommonJs = (file: string): boolean => file.endsWith('.cjs') || (file.endsWith('.js') && typeOf(dirname(file)) !== 'module')

/** What V8 says where `export`, `import` or `import.meta` stands in CommonJS. */
const ES_SYNTAX = /^Unexpected token 'export'|^Cannot use (?:import statement|'import\.meta') outside a module/

/** Whether an error comes of nothing but the name of the file. */
export const isMisnamedEsModule = (file: string, error: unknown): boolean =>
  error instanceof SyntaxError && ES_SYNTAX.test(error.message) && isCommonJs(file)

/**
 * A client of the REST dialects as front ends make it: types by openapi-typescript from the documents that the server publishes, requests
 * by openapi-fetch, compiled by TypeScript in strict mode. It is written below `node_modules/.cache`, where its packages are found.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'
import { root } from './database.ts'

export interface ClientFolder {
  readonly path: string
  /** Writes `<name>.ts`, the types of a document. */
  addTypes(name: string, document: object): Promise<void>
  /** Writes `<name>.ts`. @returns the errors of the compiler; where there are none, `<name>.js` has been written beside it */
  compile(name: string, source: string): readonly string[]
  remove(): void
}

const options: ts.CompilerOptions = {
  strict: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: [],
  skipLibCheck: true,
}

export const openClientFolder = (): ClientFolder => {
  const cache = join(root, 'node_modules/.cache/vestibule')
  mkdirSync(cache, { recursive: true })
  const path = mkdtempSync(join(cache, 'openapi-client-'))
  writeFileSync(join(path, 'package.json'), '{ "type": "module" }')
  return {
    path,
    async addTypes(name, document) {
      writeFileSync(join(path, `${name}.ts`), astToString(await openapiTS(structuredClone(document) as Parameters<typeof openapiTS>[0])))
    },
    compile(name, source) {
      const file = join(path, `${name}.ts`)
      writeFileSync(file, source)
      const program = ts.createProgram([file], options)
      const errors = ts.getPreEmitDiagnostics(program)
      if (errors.length === 0) program.emit()
      return errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
    },
    remove: () => rmSync(path, { recursive: true }),
  }
}

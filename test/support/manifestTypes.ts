/**
 * What TypeScript says of objects that are of a type: unlike a JSON schema of Kubernetes, it also finds a field that the type does not
 * have, such as a misspelt one.
 */
import ts from 'typescript'

export interface Typed {
  /** A type with the module that exports it. */
  readonly type: string
  readonly from: string
  readonly value: object
}

/** @param file where the modules would be imported from */
export function complaintsOf(file: string, typed: readonly Typed[]): string[] {
  const text = typed
    .map(({ type, from, value }, index) => {
      return `import type { ${type} as Type${index} } from '${from}'\nexport const value${index}: Type${index} = ${JSON.stringify(value)}\n`
    })
    .join('')
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    noLib: false,
    types: [],
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es5.d.ts'],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, readFile, fileExists } = host
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, text, rest[0]) : getSourceFile(name, ...rest))
  host.readFile = (name) => (name === file ? text : readFile(name))
  host.fileExists = (name) => name === file || fileExists(name)
  const program = ts.createProgram([file], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

/** The code that the READMEs of examples/apollo, examples/spa, examples/urql and examples/relay show is that of the apps. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../support/database.ts'

const read = (path: string): string => readFileSync(join(root, 'examples', path), 'utf8')
const withoutIndent = (text: string): string => text.replace(/^ +/gm, '')

it.each([
  ['apollo', ['app/client.ts', 'app/bearer.ts']],
  ['spa', ['session.ts', 'session.ts']],
  ['urql', ['client.ts', 'app.tsx']],
  ['relay', ['src/environment.ts', 'src/App.tsx', 'src/SignIn.tsx']],
])('each block of code in the README of %s is in its file', (app, files) => {
  const blocks = [...read(`${app}/README.md`).matchAll(/```(?:tsx?|graphql)\n([\s\S]*?)```/g)].map(([, text = '']) => text)
  expect(blocks).toHaveLength(files.length)
  for (const [index, file] of files.entries()) expect(withoutIndent(read(`${app}/${file}`))).toContain(withoutIndent(blocks[index] ?? ''))
})

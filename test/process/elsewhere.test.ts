/**
 * What people make in repositories of their own, as the pages say it: the whole dialect of docs/dialects.md, a front end's copy of the
 * client, and what the generator says of documents that are wrong. Every line that needs no network is run as it is printed.
 */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { packagesOf, useElsewhere } from '../support/elsewhere.ts'
import { killAll, startProgram } from '../support/program.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const LONG = 180_000

/** The first block of a kind on a page that begins with these words. */
const blockOf = (page: string, kind: string, begin = ''): string => {
  const [, text] = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)]
    .map((found) => found.slice(1))
    .find(([is, block = '']) => is === kind && block.startsWith(begin)) ?? ['', '']
  if (!text) throw new Error(`the page has no ${kind} that begins with ${begin}`)
  return text
}

/** A recipe without the line that installs, and what that line installs. */
const recipeOf = (block: string): { readonly lines: string; readonly packages: readonly string[] } => {
  const lines = block.trimEnd().split('\n')
  const install = lines.find((line) => line.startsWith('npm install ')) ?? ''
  return { lines: lines.filter((line) => line !== install).join('\n'), packages: packagesOf(install) }
}

afterEach(killAll)

describe('the whole dialect of docs/dialects.md', () => {
  const page = read('docs/dialects.md')
  const recipe = recipeOf(blockOf(page, 'sh', 'npm pkg set type=module\n'))
  const there = useElsewhere(recipe.packages)

  it(
    'the whole dialect of docs/dialects.md is made by the lines of the page, and served',
    async () => {
      const { directory, write, run } = there()
      write('operations.graphql', blockOf(page, 'graphql'))
      write('dialect.ts', blockOf(page, 'ts'))
      expect(await run(recipe.lines)).toContain('dialect.mjs: name it in DIALECTS')
      const account = { mail: 'root@example.com', pass: 'correct horse battery' }
      const program = startProgram(directory, { DIALECTS: './dialect.mjs', ADMIN_EMAIL: account.mail, ADMIN_PASSWORD: account.pass })
      const base = await program.ready()
      const login = async (pass: string) =>
        await fetch(`${base}/acme/login`, { method: 'POST', body: new URLSearchParams({ ...account, pass }) })
      const { token } = (await (await login(account.pass)).json()) as { token: string }
      const me = await fetch(`${base}/acme/me`, { headers: { authorization: `Bearer ${token}` } })
      expect(await me.json()).toEqual({ nr: expect.any(String), name: expect.any(String), mail: account.mail })
      const refused = await login('wrong')
      expect([refused.status, await refused.json()]).toEqual([401, { error: 'BAD_CREDENTIALS', text: expect.any(String) }])
      expect(await (await fetch(`${base}/acme/nowhere`)).json()).toEqual({ error: 'HTTP_404', text: expect.any(String) })
    },
    LONG,
  )
})

describe('a front end with a copy of the client', () => {
  const recipe = recipeOf(blockOf(read('examples/client/README.md'), 'sh', 'npm install '))
  const there = useElsewhere(recipe.packages)

  it(
    'a front end with a copy of the client gets the documents and the manifest of the example by the lines of the page, and compiles',
    async () => {
      const { directory, write, run } = there()
      await run(recipe.lines)
      for (const name of ['operations.ts', 'persisted.json'])
        expect(readFileSync(join(directory, name), 'utf8')).toBe(read(`examples/client/${name}`))
      write(
        'page.ts',
        `import { createClient } from './client'
import { MeDocument } from './operations'
export const nameOf = async (): Promise<string | undefined> => {
  const outcome = await createClient({ url: '/graphql' }).execute(MeDocument)
  return outcome.kind === 'data' ? outcome.data.me?.name : undefined
}
`,
      )
      await run('npx tsc --noEmit --strict --target es2022 --module esnext --moduleResolution bundler --skipLibCheck page.ts')
    },
    LONG,
  )
})

describe('codegen', () => {
  const there = useElsewhere(['graphql'])

  it('codegen says of a wrong document what is wrong and where, ends with 1 and writes nothing', async () => {
    const { directory, write, run } = there()
    const unfit = write('unfit.graphql', 'query Acme {\n  result: me {\n    id\n    nick\n  }\n}\nquery Other {\n  nothing\n}\n')
    const garbled = write('garbled.graphql', 'query Acme {\n  result: me {\n')
    const [gone, empty] = [join(directory, 'gone.graphql'), join(directory, 'empty')]
    mkdirSync(empty)
    const codegen = async (...paths: string[]): Promise<string> =>
      await run(`npm --prefix ../vestibule run --silent codegen -- ${paths.join(' ')} 2>&1 || echo "ended with $?"`)
    const wrong = await codegen(unfit, garbled)
    expect(wrong).toContain(`Cannot query field "nick" on type "User".\n    at ${unfit}:4:5\n`)
    expect(wrong).toContain(`Cannot query field "nothing" on type "Query".\n    at ${unfit}:8:3`)
    expect(wrong).toContain(`Failed to find any GraphQL type definitions in: ${garbled};\n - Syntax Error: Expected Name, found <EOF>.`)
    expect(wrong).toMatch(/\nended with 1\n$/)
    expect(await codegen(gone)).toContain(`${gone}: there is no such file or folder\n`)
    expect(await codegen(empty)).toMatch(/Unable to find any GraphQL type definitions[\s\S]*\nended with 1\n$/)
    const written = readdirSync(directory).filter((name) => /^(?:unfit|garbled|gone|operations)\.ts$|^persisted\.json$/.test(name))
    expect(written).toEqual([])
  }, 60_000)
})

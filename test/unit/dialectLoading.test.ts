/**
 * What keeps a dialect of a file from being served: each mistake is one line, which names the setting, the file and the place, and all
 * lines come at once. Without a mistake it is among the others, with the rules of `custom`.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'
import type { Dialect } from '../../src/rest/dialect.ts'
import { shapeProblems } from '../../src/rest/loading/shape.ts'
import { openApiOf } from '../../src/rest/openapi/document.ts'
import { readDialects } from '../../src/server/readDialects.ts'
import { examplesOf } from '../openapi/examples.ts'
import { problemsOf as openApiProblemsOf } from '../openapi/problems.ts'
import { buildDialect, useDialectFiles } from '../support/dialectFiles.ts'
import { type JsonObject, operationsOf } from '../support/openApiDocument.ts'

const files = useDialectFiles()
const read = async (DIALECTS: string, more: Record<string, string> = {}) => await readDialects(readConfig({ ...more, DIALECTS }))

const problemsOf = async (DIALECTS: string, more: Record<string, string> = {}): Promise<readonly string[]> => {
  const error: unknown = await read(DIALECTS, more).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems
}

/** What is wrong with a module made of the example by an expression, where `mount`, `row` and `errors` change one thing of it. */
const wrong = async (expression: string): Promise<readonly string[]> => {
  const number = wrong.made++
  const path = files().write(
    `wrong${number}.mjs`,
    `import kiosk from ${JSON.stringify(pathToFileURL(files().kiosk).href)}
const mount = (change) => ({ ...kiosk, mounts: [{ ...kiosk.mounts[0], ...change }] })
const texts = (change) => first({ texts: { ...kiosk.mounts[0].rows[0].texts, ...change } })
const first = (change) => mount({ rows: kiosk.mounts[0].rows.map((row, index) => (index === 0 ? { ...row, ...change } : row)) })
const row = (path, change) => mount({ rows: kiosk.mounts[0].rows.map((row) => (row.texts.operationId === path ? { ...row, ...change } : row)) })
const errors = (change) => mount({ errors: { ...kiosk.mounts[0].errors, ...change } })
const form = (change) => errors({ failures: { ...kiosk.mounts[0].errors.failures, ...change } })
const rowOf = (path) => kiosk.mounts[0].rows.find((row) => row.texts.operationId === path)
const documentOf = (path) => rowOf(path).document
const renamed = (document, names) => JSON.parse(JSON.stringify(document), (key, value) => (key === 'value' && names[value]) || value)
export default ${expression}
`,
  )
  const problems = await problemsOf(path)
  for (const problem of problems) {
    expect(problem.startsWith(`DIALECTS: ${path}: `) || problem.startsWith('DIALECTS: kiosk puts ')).toBe(true)
    expect(problem).not.toContain('\n')
  }
  return problems.map((problem) => problem.replace(`DIALECTS: ${path}: `, '').replace('DIALECTS: ', ''))
}
wrong.made = 0

describe('a dialect of a file', () => {
  it.each([
    ['an absolute path', () => files().kiosk],
    ['a path from the working directory', () => `./${relative(process.cwd(), files().kiosk)}`],
    ['a file URL', () => pathToFileURL(files().kiosk).href],
  ])('a dialect of a file is served from %s, after ours, by the rules of custom', async (_kind, path) => {
    const dialects = await read(`idiot,${path()}`)
    expect(dialects.map(({ name, surface }) => [name, surface])).toEqual([
      ['idiot', 'idiot'],
      ['kiosk', 'custom'],
    ])
    expect(dialects[1]?.mounts[0]?.rows.map(({ method, path: route }) => `${method} ${route}`)).toContain('GET /kiosk/people/:nr')
  })

  it.each(['idiot', 'wekan', 'xiot', 'authentication', 'graphql'])(
    'a dialect of a file gets the rules of custom, also if it claims those of %s',
    async (surface) => {
      const [dialect] = await read(files().from(`claims-${surface}.mjs`, `{ ...kiosk, surface: '${surface}' }`))
      expect(dialect?.surface).toBe('custom')
    },
  )

  it('a dialect of a file has a document that is sound by an independent validator, with an example of every error', async () => {
    const [dialect] = await read(files().kiosk)
    const document = openApiOf(dialect as Dialect) as JsonObject
    expect(await openApiProblemsOf(document)).toEqual([])
    expect(operationsOf(document)).toHaveLength(7)
    expect(examplesOf(document).length).toBeGreaterThan(50)
  })

  it('there may be two dialects of files, below different paths', async () => {
    const moved = files().from(
      'moved.mjs',
      `{ ...kiosk, name: 'moved', basePath: '/moved', mounts: kiosk.mounts.map((mount) => ({ ...mount, path: '/moved',
        rows: mount.rows.map((row) => ({ ...row, path: row.path.replace('/kiosk', '/moved') })) })) }`,
    )
    expect((await read(`${files().kiosk},${moved}`)).map(({ name }) => name)).toEqual(['kiosk', 'moved'])
  })
})

describe('a module is refused', () => {
  it('a module is refused that is not there, is TypeScript, or cannot be loaded', async () => {
    const { write, kiosk } = files()
    const throws = write('throws.mjs', "throw new Error('no licence\\nfor this')\n")
    const garbled = write('garbled.mjs', 'export default {\n')
    const lost = write('lost.mjs', "import 'no-such-package-at-all'\n")
    const source = write('dialect.ts', 'export default {}\n')
    const paths = ['./nowhere.mjs', source, throws, garbled, lost]
    const problems = await problemsOf([...paths, kiosk].join())
    expect(problems.map((problem, index) => problem.replace(`DIALECTS: ${paths[index]}: `, ''))).toEqual([
      'there is no such file',
      'is TypeScript: `npm run dialect:build` makes a module of it',
      'cannot be loaded: no licence',
      expect.stringMatching(/^cannot be loaded: .+/),
      expect.stringMatching(/^cannot be loaded: .*no-such-package-at-all/),
    ])
  })

  it('a module is refused that is there twice, however its path is written', async () => {
    const { kiosk } = files()
    const again = pathToFileURL(kiosk).href
    expect(await problemsOf(`${kiosk},idiot,${again}`)).toEqual([`DIALECTS: ${again}: is there twice`])
    expect(await problemsOf('./nowhere.mjs,nowhere.mjs')).toEqual([
      'DIALECTS: ./nowhere.mjs: there is no such file',
      'DIALECTS: nowhere.mjs: is there twice',
    ])
    expect(await problemsOf('file://elsewhere/kiosk.mjs')).toEqual([
      expect.stringMatching(/^DIALECTS: file:\/\/elsewhere\/kiosk\.mjs: File URL host must be/),
    ])
  })

  it('whatever it exports: each value is a dialect or has problems to tell', () => {
    fc.assert(fc.property(fc.anything(), (value) => shapeProblems(value).length > 0))
    const near = fc.record({
      name: fc.string(),
      title: fc.string(),
      version: fc.string(),
      mounts: fc.array(fc.record({ path: fc.string(), rows: fc.array(fc.anything()), errors: fc.anything(), acceptsForms: fc.boolean() }), {
        minLength: 1,
      }),
    })
    fc.assert(fc.property(near, (value) => shapeProblems(value).length > 0))
  })

  it('a module is refused that has no default export, or one that is no dialect', async () => {
    const { write } = files()
    const paths = [
      write('named.mjs', 'export const dialect = {}\n'),
      write('text.mjs', "export default 'kiosk'\n"),
      write('null.mjs', 'export default null\n'),
    ]
    const problems = await problemsOf(paths.join())
    expect(problems.map((problem, index) => problem.replace(`DIALECTS: ${paths[index]}: `, ''))).toEqual([
      'has no default export',
      'must be an object',
      'must be an object',
    ])
  })

  it('a module is refused whose own definition is refused: it says so itself', async () => {
    const { directory, write } = files()
    const definition = `import { defineDialect } from 'vestibule/dialect'
export default defineDialect({ name: 'Not A Name', title: '', version: '', mounts: [] })\n`
    const source = write('refused.ts', definition)
    const built = `${directory}/refused.mjs`
    await buildDialect(source, built)
    expect(await problemsOf(built)).toEqual([
      `DIALECTS: ${built}: cannot be loaded: The dialect Not A Name: its name Not A Name must be lower-case letters, digits and hyphens, at most 32`,
    ])
  })

  it.each<[string, string, string[]]>([
    ['no title', '{ ...kiosk, title: undefined }', ['title must be text']],
    ['no mounts', '{ ...kiosk, mounts: undefined }', ['mounts must be a list']],
    ['a mount of nothing', "{ ...kiosk, mounts: ['/kiosk'] }", ['mounts.0 must be an object']],
    [
      'several mistakes',
      "first({ method: 'PATCH', texts: { summary: 'Sign in', documented: 1 }, who: 'everybody', parts: { body: 3 } })",
      [
        'PATCH /kiosk/login: method must be one of GET, POST, PUT, DELETE',
        'PATCH /kiosk/login: texts.success must be text',
        'PATCH /kiosk/login: texts.documented must be true or false',
        expect.stringMatching(/^PATCH \/kiosk\/login: who must be one of anyone, registration, session, .*users:create/),
        'PATCH /kiosk/login: parts.body must be an object schema of zod 4',
      ],
    ],
    ['a row without a path', 'first({ path: undefined })', ['mounts.0.rows.0: path must be text']],
    [
      'a row that no function of `vestibule/dialect` made',
      'first({ prepare: undefined })',
      ['POST /kiosk/login: prepare must be made by `get`, `post`, `put`, `del` or `list`'],
    ],
    [
      'a list that is not said to be one',
      'first({ success: { ...kiosk.mounts[0].rows[0].success, isList: undefined } })',
      ['POST /kiosk/login: success.isList must be true or false'],
    ],
    ['a code that there is not', "first({ fails: ['BAD_LUCK'] })", ['POST /kiosk/login: fails.0 must be an error code of Vestibule']],
    ['no document', "first({ document: 'mutation { signOut }' })", ['POST /kiosk/login: document must be a parsed GraphQL document']],
    ['a schema of something else', 'errors({ body: { type: "object" } })', ['mounts.0.errors.body must be a schema of zod 4']],
    [
      'forms that are missing',
      'form({ NOT_FOUND: undefined, OVERLOADED: undefined })',
      ['mounts.0.errors.failures has no form for NOT_FOUND, OVERLOADED'],
    ],
    ['a form that is none', 'errors({ invalid: {} })', ['mounts.0.errors.invalid must be a function']],
    ['a bad name', "{ ...kiosk, name: 'Kiosk 3' }", ['its name Kiosk 3 must be lower-case letters, digits and hyphens, at most 32']],
    ...['idiot', 'wekan', 'xiot', 'authentication', 'graphql', 'custom'].map((name): [string, string, string[]] => [
      `the name ${name}, which stands for something else`,
      `{ ...kiosk, name: '${name}' }`,
      [`the name ${name} is taken`],
    ]),
    [
      'a tag that it does not describe',
      "texts({ tag: 'sessions' })",
      ['POST /kiosk/login: has the tag sessions, which it does not describe'],
    ],
    ['an operation id twice', "texts({ operationId: 'me' })", ['the operation id me is used twice']],
    ['a route outside its mount', "first({ path: '/login' })", ['POST /login: is not below /kiosk']],
    ['a path that is none', "first({ path: '/kiosk/lo gin' })", ['POST /kiosk/lo gin: is not a path such as /people/:id']],
    [
      'parameters without a schema',
      "first({ path: '/kiosk/login/:id/x' })",
      ['POST /kiosk/login/:id/x: must have a schema in `params` for id'],
    ],
    ['routes that meet', "row('me', { path: '/kiosk/people/me' })", ['GET /kiosk/people/me and GET /kiosk/people/:nr meet']],
    ['a route twice', "row('me', { path: '/kiosk/people' })", ['GET /kiosk/people and GET /kiosk/people meet']],
    ['a mount at the root', "mount({ path: '' })", ['the mount "" is not a path such as /people', '"" is not below its base path /kiosk']],
    ['a form that throws', "form({ NOT_FOUND: () => { throw new Error('oh') } })", ['/kiosk: the form of NOT_FOUND throws: oh']],
    [
      'a form that does not fit its schema',
      'form({ EMAIL_TAKEN: () => ({ status: 409, body: { ok: true } }) })',
      [expect.stringMatching(/^\/kiosk: the form of EMAIL_TAKEN does not fit its schema: ok /)],
    ],
    ['a form with no status', 'form({ EMAIL_TAKEN: () => ({ body: {} }) })', ['/kiosk: the form of EMAIL_TAKEN has the status undefined']],
    [
      'a document that does not fit the schema',
      "first({ document: renamed(documentOf('login'), { signIn: 'logOn' }) })",
      [expect.stringMatching(/^POST \/kiosk\/login: its document does not fit the schema: Cannot query field "logOn" on type "Mutation"/)],
    ],
    [
      'a document without `result`',
      "first({ document: renamed(documentOf('login'), { result: 'answer' }) })",
      ['POST /kiosk/login: its document must ask for `result: signIn`'],
    ],
    [
      'a document that does not select failures',
      `first({ document: { kind: 'Document', definitions: documentOf('login').definitions
        .filter(({ name }) => name.value !== 'Failure')
        .map((definition) => JSON.parse(JSON.stringify(definition).replace('{"kind":"FragmentSpread","name":{"kind":"Name","value":"Failure"}},', ''))) } })`,
      ['POST /kiosk/login: its document must select code, message, fieldErrors of failures: spread `...Failure`'],
    ],
    [
      'a route that asks for less than its operation',
      "row('addPerson', { who: 'session' })",
      ['POST /kiosk/people: requires `session`, which is less than the `users:create` of its operation createUser'],
    ],
    [
      'nobody who would ask who he is',
      "row('me', { who: 'anyone' })",
      ['GET /kiosk/me: requires `anyone`, which is less than the `session` of its operation me'],
    ],
    [
      'another row of a route that asks for less than its operation',
      "row('password', { instead: { ...rowOf('password'), who: 'session' } })",
      [expect.stringMatching(/: requires `session`, which is less than the `interactive` of its operation changePassword$/)],
    ],
    [
      'another row of a route with another path, method or effect',
      "row('addPerson', { instead: rowOf('login') })",
      ['POST /kiosk/people: must be followed in `instead` by a row of the same method, path and effect, without one of its own'],
    ],
    [
      'another row of a route that is none',
      "row('addPerson', { instead: {} })",
      expect.arrayContaining([
        'POST /kiosk/people: instead.who must be one of anyone, registration, session, interactive, step-up, admin, admin step-up, users:create, users:read, users:delete, sensors:read, sensors:update, sensors:delete, sensors:state:update',
      ]),
    ],
    [
      'a mount that no request reaches, since clients resolve its path',
      "mount({ path: '/kiosk/..' })",
      expect.arrayContaining(['the mount /kiosk/.. is not a path such as /people']),
    ],
    ['a route that no request reaches', "row('me', { path: '/kiosk/./me' })", ['GET /kiosk/./me: is not a path such as /people/:id']],
  ])('a module is refused for %s', async (_what, expression, problems) => {
    expect(await wrong(expression)).toEqual(problems)
  })

  it('a module is refused that never finishes loading', async () => {
    const path = files().write('waiting.mjs', 'await new Promise(() => {})\nexport default {}\n')
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    try {
      const problems = problemsOf(path)
      await vi.advanceTimersByTimeAsync(10_000)
      expect(await problems).toEqual([`DIALECTS: ${path}: has not finished loading in 10 seconds`])
    } finally {
      vi.useRealTimers()
    }
  })

  it('a module is refused whose name or paths are those of another file', async () => {
    const { kiosk, from } = files()
    const twice = from('twice.mjs', 'kiosk')
    expect(await problemsOf(`${kiosk},${twice}`)).toEqual([`DIALECTS: ${twice}: the name kiosk is that of ${kiosk} already`])
    const other = from('other.mjs', "{ ...kiosk, name: 'other' }")
    expect(await problemsOf(`${kiosk},${other}`)).toEqual([
      'DIALECTS: kiosk puts /kiosk where /kiosk is; choose another one',
      'DIALECTS: other puts /kiosk where /kiosk is; choose another one',
    ])
  })

  it.each(['/v1', '/users', '/graphql', '/docs', '/healthz'])(
    'a module is refused whose paths meet those that are there: %s',
    async (path) => {
      const { from } = files()
      const taken = from(
        `taken${path.replace('/', '-')}.mjs`,
        `{ ...kiosk, basePath: '', mounts: kiosk.mounts.map((mount) => ({ ...mount, path: '${path}',
        rows: mount.rows.map((row) => ({ ...row, path: row.path.replace('/kiosk', '${path}') })) })) }`,
      )
      const [problem, ...others] = await problemsOf(`idiot,wekan,xiot,authentication,${taken}`)
      expect([problem, others]).toEqual([`DIALECTS: kiosk puts ${path} where ${path} is; choose another one`, []])
    },
  )
})

it('a dialect of a file may be called what objects have by nature, and is served where it says', async () => {
  const [dialect] = await read(files().from('constructor.mjs', "{ ...kiosk, name: 'constructor' }"))
  expect([dialect?.name, dialect?.basePath, dialect?.mounts[0]?.path]).toEqual(['constructor', '/kiosk', '/kiosk'])
})

describe('a dialect in READ_ONLY', () => {
  it('a dialect in READ_ONLY has something to keep from being changed', async () => {
    const path = files().from(
      'reading.mjs',
      "{ ...kiosk, mounts: [{ ...kiosk.mounts[0], rows: kiosk.mounts[0].rows.filter(({ changes }) => changes !== 'accounts') }] }",
    )
    expect(await problemsOf(path, { READ_ONLY: 'kiosk' })).toEqual(['READ_ONLY: kiosk: none of its routes changes an account'])
  })

  it('a route that says it changes less than its operation is read-only like every other', async () => {
    const path = files().from(
      'sly.mjs',
      "{ ...kiosk, mounts: [{ ...kiosk.mounts[0], rows: kiosk.mounts[0].rows.map((row) => ({ ...row, changes: 'nothing' })) }] }",
    )
    const rows = (await read(path, { READ_ONLY: 'kiosk' })).flatMap(({ mounts }) => mounts.flatMap((mount) => mount.rows))
    expect(rows.find(({ method, path: route }) => `${method} ${route}` === 'POST /kiosk/people')?.retirement?.readOnly).toBe(true)
  })
})

describe('what is built', () => {
  it('what is built needs nothing beside it: its source may be outside of this repository, and the module anywhere', async () => {
    const { directory } = files()
    const example = fileURLToPath(new URL('../../examples/fifth-dialect', import.meta.url))
    mkdirSync(`${directory}/acme`)
    for (const name of ['dialect.ts', 'errors.ts', 'inputs.ts', 'operations.ts', 'texts.ts'])
      cpSync(`${example}/${name}`, `${directory}/acme/${name}`)
    const said = await buildDialect(`${directory}/acme/dialect.ts`, `${directory}/acme/built.mjs`)
    expect(said).toContain('acme/built.mjs: name it in DIALECTS')
    expect((await read(`${directory}/acme/built.mjs`)).map(({ name }) => name)).toEqual(['kiosk'])
  })
})

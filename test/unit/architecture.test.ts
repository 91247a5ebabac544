/**
 * The staircase of docs/architecture.md, held: imports only go down, none goes round, the domain knows neither HTTP nor
 * GraphQL, one file reads the environment, and files stay short. Imports of types count like all others.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const GENERATED = /^src\/db\/generated\/|^src\/rest\/operations\.ts$|^src\/web\/\w+\/operations\.ts$/
/** What dialects in files of their own import: the one file that exports what others make. */
const ENTRY_POINT = 'src/rest/sdk.ts'
const TABLES = /^src\/config\.ts$|\/routes\.ts$/

/** What each layer may import beside itself, from the top down. Two files of the domain are leaves: `ports`. */
const LAYERS: Readonly<Record<string, readonly string[]>> = {
  'cli.ts': ['main.ts', 'cli', 'server'],
  'main.ts': ['serve.ts', 'server', 'config.ts', 'ports'],
  'serve.ts': ['app.ts', 'cli', 'graphql', 'pages', 'server', 'mail', 'rest', 'db', 'config.ts', 'ports'],
  'app.ts': ['server', 'jobs', 'webhooks', 'rest', 'graphql', 'pages', 'domain', 'db', 'http', 'config.ts', 'tracing', 'ports'],
  cli: ['exporters', 'importers', 'server', 'rest', 'mail', 'webhooks', 'domain', 'db', 'http', 'config.ts', 'config', 'ports'],
  exporters: ['importers', 'domain', 'ports'],
  importers: ['domain', 'ports'],
  tools: ['server', 'rest', 'domain', 'db', 'config.ts', 'config', 'ports'],
  server: ['rest', 'graphql', 'pages', 'domain', 'db', 'http', 'config.ts', 'config', 'tracing', 'ports'],
  mail: ['db', 'config.ts', 'config', 'ports'],
  webhooks: ['config.ts', 'config', 'ports'],
  rest: ['domain', 'http', 'config.ts', 'config', 'tracing', 'ports'],
  graphql: ['domain', 'http', 'config.ts', 'tracing', 'ports'],
  pages: ['domain', 'db', 'http', 'config.ts', 'ports'],
  jobs: ['domain', 'db', 'tracing', 'ports'],
  domain: ['db', 'config.ts', 'tracing', 'ports'],
  db: ['config.ts', 'tracing', 'ports'],
  http: ['config.ts', 'config', 'tracing', 'ports'],
  'config.ts': ['config', 'ports'],
  config: [],
  tracing: [],
  ports: [],
}

/** The folders of the domain, from the bottom up: each imports only what stands on a floor below its own. */
const DOMAIN_FLOORS: readonly (readonly string[])[] = [
  ['base'],
  ['keys', 'limits', 'usage'],
  ['hashing', 'secrets'],
  ['frame'],
  ['access'],
  ['auditLog'],
  ['accounts', 'dialectUses', 'guards'],
  ['outbox', 'mailTokens'],
  ['undo'],
  ['mails'],
  ['sessions', 'emails'],
  ['passwords', 'personalTokens'],
  ['twoFactor'],
  ['signIn', 'recovery', 'administration', 'server', 'webhooks'],
  ['moving'],
  ['createDomain.ts', 'operations.ts'],
  ['prepareDomain.ts'],
]

const LEAVES: readonly string[] = ['src/domain/base/ports.ts', 'src/domain/base/locales.ts']
const layerOf = (file: string): string => (LEAVES.includes(file) ? 'ports' : (file.split('/')[1] ?? ''))

const all = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.(tsx?|mjs)$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
  .sort()
/** What runs in the browser is a program of its own. */
const isOfPages = (file: string): boolean => file.startsWith('src/web/')
const sources = all.filter((file) => !isOfPages(file))
const written = sources.filter((file) => !GENERATED.test(file))
const pages = all.filter((file) => isOfPages(file) && !GENERATED.test(file))
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')

const IMPORT = /(?:^|\n)\s*(?:import|export)\b(?:[^'"`;]*?\bfrom\s*)?\s*'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g
const importsOf = (file: string): string[] => [...textOf(file).matchAll(IMPORT)].map(([, direct, dynamic]) => direct ?? dynamic ?? '')
/** What `npm run build` makes is no source. */
const isOurs = (specifier: string) => specifier.startsWith('.') && !specifier.includes('/dist/') && !specifier.endsWith('.json')
const resolved = (file: string, specifier: string) => join(dirname(file), specifier).replaceAll('\\', '/')

interface Import {
  readonly from: string
  readonly to: string
}
const ours: Import[] = written.flatMap((from) =>
  importsOf(from)
    .filter(isOurs)
    .map((specifier) => ({ from, to: resolved(from, specifier) })),
)
const packages: Import[] = written.flatMap((from) =>
  importsOf(from)
    .filter((to) => !isOurs(to))
    .map((to) => ({ from, to })),
)
const tell = ({ from, to }: Import) => `${from} -> ${to}`

describe('imports', () => {
  it('the imports of every file are found', () => {
    expect(written.length).toBeGreaterThan(100)
    expect(ours.length).toBeGreaterThan(300)
    expect(ours.filter(({ to }) => !sources.includes(to)).map(tell)).toEqual([])
  })

  it('imports only go down', () => {
    const isAllowed = ({ from, to }: Import) => layerOf(from) === layerOf(to) || LAYERS[layerOf(from)]?.includes(layerOf(to)) === true
    expect(ours.filter((edge) => !isAllowed(edge)).map(tell)).toEqual([])
  })

  it('name only layers that the table knows', () => {
    expect([...new Set(written.map(layerOf))].filter((layer) => !(layer in LAYERS))).toEqual([])
  })

  it('imports of rest and graphql never meet', () => {
    const between = ours.filter(({ from, to }) => [layerOf(from), layerOf(to)].sort().join() === 'graphql,rest')
    expect(between.map(tell)).toEqual([])
  })

  it('imports of the domain name no HTTP and no GraphQL package, and those of rest no GraphQL', () => {
    const isGraphql = (name: string) => /^(graphql|@pothos|@graphql-yoga|@graphql-tools)([-/]|$)/.test(name)
    const isHttp = (name: string) => /^(hono|@hono|node:https?|express|fastify|undici)(\/|$)/.test(name)
    const below = ['domain', 'db', 'ports', 'config.ts']
    const wrong = packages.filter(({ from, to }) => {
      const layer = layerOf(from)
      return (
        (below.includes(layer) && (isHttp(to) || isGraphql(to))) ||
        (layer === 'rest' && isGraphql(to)) ||
        (layer === 'graphql' && isHttp(to))
      )
    })
    expect(wrong.map(tell)).toEqual([])
  })

  it('within the domain only go down its floors', () => {
    const folderOf = (file: string): string => file.split('/')[2] ?? ''
    const floorOf = (file: string): number => DOMAIN_FLOORS.findIndex((floor) => floor.includes(folderOf(file)))
    const inDomain = written.filter((file) => file.startsWith('src/domain/'))
    expect(inDomain.filter((file) => floorOf(file) < 0)).toEqual([])
    const within = ours.filter(({ from, to }) => inDomain.includes(from) && inDomain.includes(to) && folderOf(from) !== folderOf(to))
    expect(within.filter(({ from, to }) => floorOf(to) >= floorOf(from)).map(tell)).toEqual([])
  })

  it('imports never go round in a cycle', () => {
    const next = new Map(written.map((file) => [file, ours.filter(({ from }) => from === file).map(({ to }) => to)]))
    const done = new Set<string>()
    const cycles: string[] = []
    const walk = (file: string, path: readonly string[]): void => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '))
      if (done.has(file) || path.includes(file)) return
      for (const to of next.get(file) ?? []) walk(to, [...path, file])
      done.add(file)
    }
    for (const file of written) walk(file, [])
    expect(cycles).toEqual([])
  })

  it('imports of values that a start of the command line needs leave out the database and the domain, so that it takes a fifth of a second', () => {
    const STATIC = /(?:^|\n)\s*(?:import|export)\b(?!\s+type\b)(?:[^'"`;]*?\bfrom\s*)?\s*'([^']+)'/g
    const found = new Set<string>()
    const walk = (file: string): void => {
      if (found.has(file)) return
      found.add(file)
      for (const [, to = ''] of textOf(file).matchAll(STATIC)) {
        if (isOurs(to)) walk(resolved(file, to))
        else found.add(to)
      }
    }
    walk('src/cli.ts')
    expect([...found]).toContain('src/cli/commands/userList.ts')
    const heavy = /^(src\/db\/(generated|open)|src\/domain\/(operations|createDomain)|pg$|@prisma|@zxcvbn|rate-limiter|tar$)/
    expect([...found].filter((name) => heavy.test(name))).toEqual([])
  })

  it('imports of the whole schema are the server and its pipeline, the checks of documents, the schema as a file and codegen alone', () => {
    const importers = ours.filter(({ to }) => to === 'src/graphql/schema.ts').map(({ from }) => from)
    expect(importers).toEqual([
      'src/graphql/checkDocument.ts',
      'src/graphql/manifest.ts',
      'src/graphql/pipeline.ts',
      'src/graphql/server.ts',
      'src/server/schemaRoutes.ts',
    ])
    expect(importsOf('codegen.ts')).toContain('./src/graphql/schema.ts')
  })
})

describe('the pages', () => {
  const own = pages.flatMap((from) =>
    importsOf(from)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({ from, to: resolved(from, specifier) })),
  )
  const partOf = (file: string): string => file.split('/')[2] ?? ''

  it('import nothing of the server, and nothing of the server imports them but the texts of their documents', () => {
    expect(pages.length).toBeGreaterThan(30)
    expect(own.filter(({ to }) => !isOfPages(to)).map(tell)).toEqual([])
    const texts = written.flatMap((from) =>
      importsOf(from).flatMap((specifier) => (specifier.includes('/web/') ? [`${from} -> ${specifier}`] : [])),
    )
    expect(texts).toEqual(['account', 'admin', 'visitor'].map((part) => `src/pages/persistedDocuments.ts -> ../web/${part}/persisted.json`))
  })

  it('load administration and account only when somebody goes there', () => {
    const STATIC = /(?:^|\n)\s*import\b(?!\s+type\b)(?:[^'"`;]*?\bfrom\s*)?\s*'([^']+)'/g
    const found = new Set<string>()
    const walk = (file: string): void => {
      if (found.has(file) || !file.startsWith('src/web/') || file.endsWith('.css')) return
      found.add(file)
      for (const [, to = ''] of textOf(file).matchAll(STATIC)) if (to.startsWith('.')) walk(resolved(file, to))
    }
    walk('src/web/main.tsx')
    expect([...found]).toContain('src/web/visitor/signInPage.tsx')
    expect([...found].filter((file) => ['account', 'admin'].includes(partOf(file)))).toEqual([])
  })

  it('begin with what they are for, and are short', () => {
    expect(pages.filter((file) => !/^\/\*\*/.test(textOf(file)))).toEqual([])
    const isLong = (file: string) => textOf(file).trimEnd().split('\n').length > 250
    expect(pages.filter((file) => isLong(file) && !/texts/i.test(file))).toEqual([])
  })
})

describe('every file', () => {
  it('exports what it makes: no barrels, but for one entry point that nothing of ours imports', () => {
    const barrels = written.filter((file) => /(?:^|\n)\s*export\s+(?:type\s+)?(?:\*|\{[^}]*\})(?:\s+as\s+\w+)?\s*from\b/.test(textOf(file)))
    expect(barrels).toEqual([ENTRY_POINT])
    expect(ours.filter(({ to }) => to === ENTRY_POINT)).toEqual([])
  })

  it('every file leaves the environment to src/config.ts', () => {
    const readers = written.filter((file) => /\bprocess\.env\b|\bprocess\s*\[\s*['"`]env/.test(textOf(file)))
    expect(readers.filter((file) => layerOf(file) !== 'tools')).toEqual(['src/config.ts'])
  })

  it('every file begins with what it is for', () => {
    expect(written.filter((file) => !/^(#![^\n]*\n)?\/\*\*/.test(textOf(file)))).toEqual([])
  })

  it('every file is short: median under 80 lines, none of 300, tables and generated files aside', () => {
    const lengths = written
      .filter((file) => !TABLES.test(file))
      .map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }))
      .sort((a, b) => a.lines - b.lines)
    const median = lengths[Math.floor(lengths.length / 2)]?.lines ?? 0
    const longest = lengths.at(-1)
    process.stdout.write(`lines per file: median ${median}, max ${longest?.lines} (${longest?.file}), ${lengths.length} files\n`)
    expect(median).toBeLessThan(80)
    expect(longest?.lines).toBeLessThan(300)
  })
})

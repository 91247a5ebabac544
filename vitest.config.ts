/**
 * Five projects. `pglite` and `postgresql` run the same files on their database; `yoga` sends what is about GraphQL over HTTP through
 * yoga, where `postgresql` has ordinary requests answered without it; `unit` needs no database; `process` starts the server or a browser.
 * Test files share the modules of their worker, because our modules have no state, except in `process`.
 */
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

/**
 * What is about HTTP, input, limits in memory, the queue of hashes, who may do what or the files of other programs alone, whatever the
 * database is, runs on PostgreSQL only.
 */
const WITHOUT_STORAGE = [
  ...['addresses', 'badInput', 'bodies', 'cookies', 'fuzz', 'hashQueue', 'preflight', 'statuses', 'tokens'].map(
    (name) => `test/guards/${name}.test.ts`,
  ),
  ...[
    'audit',
    'cookies',
    'cookieEnds',
    'csrf',
    'deadToken',
    'discretion',
    'errorCodes',
    'exampleClient',
    'http',
    'listedFields',
    'persisted',
    'schemaFiles',
  ].map((name) => `test/graphql/${name}.test.ts`),
  // Documents, headers and the dialects that a setting turns off.
  'test/apiDocs.test.ts',
  'test/fifthDialect.test.ts',
  'test/retirement/{headers,readOnly,switchedOff}.test.ts',
  // Words, languages and typed codes are read above the database.
  ...['contextWords', 'locale', 'typedCodes'].map((name) => `test/${name}.test.ts`),
  'test/moving/badInput.test.ts',
  'test/moving/hashModules.test.ts',
  'test/moving/hostileFields.test.ts',
  // Each process has the embedded database alone, so nothing races for a mail.
  'test/mail/lease.test.ts',
  // Counters themselves are shown on both by counters.test.ts, the outbox by outbox.test.ts.
  'test/guards/limits.test.ts',
  'test/mail/{delivery,notices,room,shares}.test.ts',
  // Which events are written is shown on both by auditLogSuccesses.test.ts and auditLogFailures.test.ts.
  'test/auditLog{Limits,Refusals}.test.ts',
  'test/listsSlowReaders.test.ts',
  'test/guards/passwordTries.test.ts',
  // What Prisma Migrate makes of our migrations is asked where people run it.
  'test/db/prismaEngine.test.ts',
  // The surfaces are compared with each other, above the database.
  'test/differential.test.ts',
  'test/authorization/{fields,operations,routes}.test.ts',
  'test/personalTokenRights.test.ts',
  'test/forgedTokens.test.ts',
  'test/importers/*.test.ts',
  'test/openapiFuzz.test.ts',
  'test/pwnedPasswords.test.ts',
  // From the embedded database to PostgreSQL, or about what only one of them has.
  'test/moving/copyDatabase.test.ts',
  // Their SQL is that of the way back to Wekan.
  'test/moving/backToDjango.test.ts',
  'test/moving/backToKeycloak.test.ts',
  'test/moving/exportJson.test.ts',
  // Imports and their undo are shown on both by imports.test.ts.
  ...['hostile', 'personalData', 'properties', 'secrets', 'wekan'].map((name) => `test/moving/${name}.test.ts`),
  // Rules about accounts in the wrong hands, whose statements other suites run on both.
  'test/takeover.test.ts',
  'test/takeover/*.test.ts',
]

/** The suites about GraphQL over HTTP: the audit, CSRF, cookies, limits, cost, masking, codes. */
const OVER_HTTP = ['audit', 'cookies', 'cookieEnds', 'csrf', 'deadToken', 'discretion', 'errorCodes', 'hardening', 'http', 'onceARequest']

const onDatabase = (
  databaseKind: 'pglite' | 'postgresql',
  globalSetup: string[],
  elsewhere: string[] = [],
): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name: databaseKind,
    include: ['test/**/*.test.ts'],
    exclude: ['test/unit/**', 'test/process/**', 'test/browser/**', ...elsewhere],
    provide: { databaseKind },
    globalSetup,
    isolate: false,
  },
})

export default defineConfig({
  // The file that Node itself resolves; Vite would take `module`, and there would be two copies.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    pool: 'threads',
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // How long expect.poll waits; the default of a second is too short on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', './test/support/reporter.ts'],
    projects: [
      onDatabase('pglite', [], WITHOUT_STORAGE),
      // Backups are of the files of the embedded database.
      onDatabase('postgresql', ['./test/support/postgresSetup.ts'], ['test/moving/backup.test.ts']),
      {
        extends: true,
        test: {
          name: 'yoga',
          include: OVER_HTTP.map((name) => `test/graphql/${name}.test.ts`),
          provide: { databaseKind: 'postgresql', graphqlWay: 'yoga' },
          globalSetup: ['./test/support/postgresSetup.ts'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: {
          name: 'process',
          provide: { databaseKind: 'pglite' },
          include: ['test/process/**/*.test.ts', 'test/browser/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})

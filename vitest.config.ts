/**
 * Five projects. `pglite` and `postgresql` run the same files on their database; `yoga` sends what is about GraphQL over HTTP through
 * yoga, where `postgresql` has ordinary requests answered without it; `unit` needs no database; `process` starts the server or a browser.
 * Test files share the modules of their worker, because our modules have no state.
 */
import { availableParallelism } from 'node:os'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const isFullSize = process.env.TEST_SIZE === 'full'

/**
 * Files of tests that run on PostgreSQL only. What they show does not depend on the database: HTTP, input, limits in memory, the queue of
 * hashes, who may do what, the files of other programs.
 */
const WITHOUT_STORAGE = [
  'apiDocs',
  // Which events are written is shown on both by auditLogSuccesses.test.ts and auditLogFailures.test.ts.
  'auditLogLimits',
  'auditLogRefusals',
  'authorization/fields',
  'authorization/operations',
  'authorization/routes',
  'contextWords',
  'db/patience',
  // What Prisma Migrate makes of our migrations is asked where people run it.
  'db/prismaEngine',
  'db/upgrade',
  // The surfaces are compared with each other, above the database.
  'differential',
  'fifthDialect',
  'forgedTokens',
  'graphql/audit',
  'graphql/cookieEnds',
  'graphql/cookies',
  'graphql/csrf',
  'graphql/deadToken',
  'graphql/discretion',
  'graphql/errorCodes',
  'graphql/exampleClient',
  'graphql/http',
  'graphql/limits',
  'graphql/listedFields',
  'graphql/persisted',
  'graphql/schemaFiles',
  'guards/addresses',
  'guards/badInput',
  'guards/bodies',
  'guards/cookies',
  'guards/fuzz',
  'guards/hashQueue',
  'guards/headers',
  'guards/inputTime',
  // Counters themselves are shown on both by counters.test.ts, the outbox by outbox.test.ts.
  'guards/limits',
  'guards/masking',
  'guards/noConnection',
  'guards/passwordTries',
  'guards/preflight',
  'guards/statuses',
  'guards/tokens',
  'importers/*',
  'listsSlowReaders',
  'locale',
  'mail/delivery',
  // Each process has the embedded database alone, so nothing races for a mail or a webhook.
  'mail/lease',
  'mail/notices',
  'mail/room',
  'mail/shares',
  'monitoring/*',
  // Their SQL is that of the way back to Wekan.
  'moving/backToDjango',
  'moving/backToKeycloak',
  'moving/badInput',
  // From the embedded database to PostgreSQL.
  'moving/copyDatabase',
  'moving/exportJson',
  'moving/hashModules',
  // Imports and their undo are shown on both by imports.test.ts.
  'moving/hostile',
  'moving/hostileFields',
  'moving/personalData',
  'moving/properties',
  'moving/secrets',
  'moving/wekan',
  'openapiFuzz',
  'personalTokenRights',
  'pwnedPasswords',
  'retirement/headers',
  'retirement/readOnly',
  'retirement/switchedOff',
  'security/*',
  // Two processes, which share PostgreSQL.
  'sessionModel',
  // Rules about accounts in the wrong hands, whose statements other suites run on both.
  'takeover',
  'takeover/*',
  'typedCodes',
  'webhooks/processes',
].map((name) => `test/${name}.test.ts`)

/**
 * The contract of a dialect is that of its operations, which `graphql` shows on both databases: in the ordinary size it runs on one of them,
 * with TEST_SIZE=full on both.
 */
const contractsOf = (...dialects: string[]): string[] => (isFullSize ? [] : dialects.map((dialect) => `test/contract/${dialect}/**`))

/**
 * Suites of rules that other suites show on the embedded database as well, by the same statements: in the ordinary size they run on PostgreSQL
 * only, with TEST_SIZE=full on both.
 */
const ONCE = [
  'adminPolicy',
  'auditLogFailures',
  'auditLogReading',
  'auditLogSuccesses',
  'changes',
  'exactEnds',
  'expired',
  'graphql/administration',
  'graphql/apolloClient',
  'graphql/hardening',
  'graphql/mutationResults',
  'graphql/personalTokens',
  'graphql/profile',
  'graphql/recoveryCodes',
  'graphql/sessionEnds',
  'graphql/sessions',
  'graphql/signIn',
  'graphql/twoFactor',
  'graphql/userFilter',
  'graphql/users',
  'guards/overload',
  'guards/secrets',
  'lastSeen',
  'mail/unverified',
  'mail/verification',
  'matrix',
  'maxSessions',
  'oddDates',
  'openapiStatuses',
  'parallel',
  'passwords',
  'refreshRotation',
  'sessionRules',
  'singleUse',
  'usage',
  'usageLists',
  'usernames',
  'webhooks/delivery',
].map((name) => `test/${name}.test.ts`)

/** What runs with TEST_SIZE=full only: it is slow, and about what hardly ever changes, or shown by other suites in another way. */
const ONLY_IN_FULL_SIZE = [
  'db/prismaEngine',
  // The recipes of pages for other repositories: a dialect of a file is shown by process/dialects.test.ts.
  'process/elsewhere',
  'process/exportCommands',
  // `npm run lint` has the linter as well.
  'process/openApiLint',
  // Clients that are generated from the documents, which openapiStatuses.test.ts holds against the answers.
  'process/openApiClient',
  'process/usage',
]
const FULL_SIZE = isFullSize ? [] : ONLY_IN_FULL_SIZE.map((name) => `test/${name}.test.ts`)

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
    // Tests often wait, for a database, a browser or a clock.
    maxWorkers: Math.min(6, availableParallelism() + 2),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // How long expect.poll waits; the default of a second is too short on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', './test/support/reporter.ts'],
    projects: [
      onDatabase('pglite', [], [...WITHOUT_STORAGE, ...(isFullSize ? [] : ONCE), ...contractsOf('xiot', 'authentication')]),
      // Backups are of the files of the embedded database.
      onDatabase(
        'postgresql',
        ['./test/support/postgresSetup.ts'],
        ['test/moving/backup.test.ts', ...FULL_SIZE, ...contractsOf('idiot', 'wekan')],
      ),
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
          globalSetup: ['./test/support/postgresSetup.ts'],
          include: ['test/process/**/*.test.ts', 'test/browser/**/*.test.ts'],
          exclude: FULL_SIZE,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          isolate: false,
        },
      },
    ],
  },
})

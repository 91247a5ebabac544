/**
 * Four projects. `pglite` and `postgresql` run the same files, each on its database; `unit` holds what needs none, `process`
 * what starts the program or a browser. Files share their workers' modules (no module of ours keeps state), except in `process`.
 */
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

const onDatabase = (databaseKind: 'pglite' | 'postgresql', globalSetup: string[]): TestProjectInlineConfiguration => ({
  extends: true,
  test: {
    name: databaseKind,
    include: ['test/**/*.test.ts'],
    exclude: ['test/unit/**', 'test/process/**', 'test/browser/**'],
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
    // How long expect.poll waits for what comes by itself; its own second is short on a busy machine.
    expect: { poll: { timeout: 10_000 } },
    reporters: ['default', './test/support/reporter.ts'],
    projects: [
      onDatabase('pglite', []),
      onDatabase('postgresql', ['./test/support/postgresSetup.ts']),
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'], isolate: false } },
      {
        extends: true,
        test: {
          name: 'process',
          provide: { databaseKind: 'pglite' },
          include: ['test/process/**/*.test.ts', 'test/browser/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 90_000,
        },
      },
    ],
  },
})

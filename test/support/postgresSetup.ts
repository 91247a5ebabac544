/** Once a test run: a PostgreSQL server of our own, with one migrated database that each test file copies (database.ts). */
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { openDatabase } from '../../src/db/openDatabase.ts'
import { silent } from '../../src/tools/silent.ts'
import { startPostgres } from './postgresServer.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const template = 'vestibule_test_template'

declare module 'vitest' {
  interface ProvidedContext {
    databaseKind: 'postgresql' | 'pglite'
    /** The server that this test run started, and the database to copy. */
    postgres: { readonly url: string; readonly socketUrl: string; readonly template: string }
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres()
  const admin = new pg.Client({ connectionString: server.url })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${template}`)
  await admin.end()
  const url = new URL(server.url)
  url.pathname = `/${template}`
  const database = await openDatabase({ url: url.href, dataDir: root, root, log: silent })
  await database.migrate()
  await database.close()
  project.provide('postgres', { url: server.url, socketUrl: server.socketUrl, template })
  return server.stop
}

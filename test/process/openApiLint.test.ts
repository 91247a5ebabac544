/**
 * `npm run lint:openapi` with other files: the documents of a server with other settings have no problem either, and a problem fails.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root } from '../support/database.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld({ WEKAN_ERROR_STATUS: '200', WEKAN_QUERY_TOKEN: 'true', WEKAN_PREFIX: '/boards' })
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-openapi-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const lint = (document: object) => {
  const file = join(directory, 'document.json')
  writeFileSync(file, JSON.stringify(document))
  const { status, stderr } = spawnSync(process.execPath, ['src/tools/openApiLint.mjs', file], { cwd: root, encoding: 'utf8' })
  return { status, stderr }
}

it.each(['wekan', 'xiot'])('the document of %s that a server with other settings publishes has no problem', async (name) => {
  expect(lint((await world().get(`/openapi/${name}.json`)).body)).toEqual({ status: 0, stderr: '' })
})

it('a document without a server and an id of an operation fails, by the rules of both programs', async () => {
  const { servers: _, ...document } = (await world().get('/openapi/xiot.json')).body
  delete document.paths['/profile'].get.operationId
  const { status, stderr } = lint(document)
  expect(status).toBe(1)
  for (const rule of ['no-empty-servers', 'operation-operationId', 'oas3-api-servers']) expect(stderr).toContain(rule)
})

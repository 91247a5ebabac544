/** What strangers send is not kept without end: the program in a small heap, with more documents than would fit. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { useProgramDatabase } from '../support/database.ts'
import { isFullSize } from '../support/fullSize.ts'
import { killAll, startProgram } from '../support/program.ts'

const storage = useProgramDatabase()
let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'vestibule-memory-'))
})
afterEach(killAll)
afterAll(() => rmSync(directory, { recursive: true, force: true }))

/** Documents of 2,000 tokens at most, each another one; remembered, they would come to 0.5 and to 1.25 MB each. */
const DOCUMENTS: readonly (readonly [what: string, count: number, make: (index: number) => string])[] = [
  ['valid ones', 360, (index) => `{ me { id${index}: id ${Array.from({ length: 640 }, (_, at) => `a${at}:id`).join(' ')} } }`],
  ['ones that do not fit the schema', 160, (index) => `{ a${index} ${'b '.repeat(1_980)} }`],
]

/** The program itself takes some 100 MB of it. */
const HEAP_MB = 192

describe('more different documents than the heap could hold', () => {
  test.each(isFullSize ? DOCUMENTS : DOCUMENTS.slice(0, 1))('%s', async (_what, count, make) => {
    const program = startProgram(directory, { ...storage(), NODE_ENV: 'production', NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` })
    const base = await program.ready()
    for (let index = 0; index < count; index += 1) {
      const response = await fetch(`${base}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: make(index) }),
      })
      expect(response.status).toBe(200)
      await response.arrayBuffer()
    }
    expect((await fetch(`${base}/readyz`)).status).toBe(200)
  })
})

/** Nobody changes the frozen documents, their comparison or the OpenAPI documents without comparing them. */
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { currentStamp, keptStamp } from '../../../src/tools/documentsCheck.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))

it('the comparison with the frozen documents has passed for the files as they are', () => {
  expect(keptStamp(root), 'run `npm run documents:check` and commit test/openapi/stamp.json').toBe(currentStamp(root))
})

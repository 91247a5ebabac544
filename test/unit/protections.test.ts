/** The protections that `npm run test:protections` takes out: each can be taken out of the source as it is, and is of a requirement that tests show. */
import { readFileSync } from 'node:fs'
import { transform } from 'esbuild'
import { describe, expect, test } from 'vitest'
import { protections } from '../security/protections/all.ts'
import { fileOf, textWithout } from '../security/protections/takesOut.ts'
import { requirements } from '../security/requirements.ts'

const ofHttp = requirements.filter(({ how }) => how === 'H').map(({ id }) => id)

test('there is one at least for each requirement that is shown over HTTP', () => {
  const ids = new Set(protections.flatMap((protection) => protection.ids))
  expect([...ids].filter((id) => !ofHttp.includes(id))).toEqual([])
  expect(ofHttp.filter((id) => !ids.has(id))).toEqual([])
})

describe('without it the file is another one that can be read', () => {
  test.each(protections.map((protection) => [protection.ids.join(' '), protection.without, protection] as const))(
    '%s: %s',
    async (_ids, _without, protection) => {
      const text = readFileSync(fileOf(protection), 'utf8')
      const other = textWithout(protection, text)
      expect(other).not.toBe(text)
      await transform(other, { loader: 'ts' })
    },
  )
})

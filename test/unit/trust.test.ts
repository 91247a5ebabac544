/** Which connections are used again after a failover. */
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { createTrust } from '../../src/db/trust.ts'

const later = async (): Promise<number> => {
  await delay(5)
  return performance.now()
}

it('a connection that was silent since another one was is not used again, and one that answered is', async () => {
  const trust = createTrust()
  const openedAt = performance.now()
  await delay(5)
  trust.silent()
  expect(trust.trusts({ openedAt, heardAt: openedAt })).toBe(false)
  expect(trust.trusts({ openedAt, heardAt: await later() })).toBe(true)
})

it('once a server takes no writes, no connection from before is used again, even if it goes on answering', async () => {
  const trust = createTrust()
  const openedAt = performance.now()
  await delay(5)
  trust.demoted()
  expect(trust.trusts({ openedAt, heardAt: await later() })).toBe(false)
  const again = await later()
  expect(trust.trusts({ openedAt: again, heardAt: again })).toBe(true)
})

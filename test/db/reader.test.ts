/** The connections on which the session of each request is looked up: PostgreSQL only. */
import { expect, it } from 'vitest'
import { person } from '../support/accounts.ts'
import { databaseKind } from '../support/database.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld()

it.runIf(databaseKind() === 'postgresql')('requests whose connection is lost while they wait are answered all the same', async () => {
  const { token } = await person(world())
  const ask = async () => (await world().get('/api/user', token)).status
  const cut = async () =>
    await world().db.client.$queryRaw<{ cut: bigint }[]>`
      SELECT count(pg_terminate_backend(pid)) AS cut FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'vestibule sessions'`
  const statuses: number[] = []
  let closed = 0
  for (let round = 0; round < 20; round += 1) {
    statuses.push(await ask())
    const [[row], ...answers] = await Promise.all([cut(), ...Array.from({ length: 8 }, ask)])
    closed += Number(row?.cut ?? 0)
    statuses.push(...answers)
  }
  expect(closed).toBeGreaterThan(0)
  expect(statuses.filter((status) => status !== 200)).toEqual([])
})

/**
 * REFRESH_GRACE as long as a failover: a spent refresh token answers with its own successor up to its end, and ends the session
 * after it.
 */
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { person } from './support/accounts.ts'
import { useWorld } from './support/world.ts'

const world = useWorld({ REFRESH_GRACE: '2m' })
const SECOND = 1_000
const refresh = async (refreshToken: string) => await world().post('/auth/refresh-tokens', { refreshToken })

describe('a grace of two minutes', () => {
  it('a grace of two minutes gives the same successor again after 119 s, however far the chain has moved', async () => {
    const { refreshToken } = await person(world())
    const next = (await refresh(refreshToken)).body.refresh.token
    world().advance(60 * SECOND)
    const third = (await refresh(next)).body.refresh.token
    world().advance(59 * SECOND)
    expect((await refresh(refreshToken)).body.refresh.token).toBe(next)
    expect((await refresh(next)).body.refresh.token).toBe(third)
  })

  it('a grace of two minutes is over after 121 s: the session ends', async () => {
    const { refreshToken } = await person(world())
    const next = (await refresh(refreshToken)).body.refresh.token
    world().advance(121 * SECOND)
    expect((await refresh(refreshToken)).status).toBe(401)
    expect((await refresh(next)).status).toBe(401)
  })
})

describe('the setting', () => {
  it.each(['120s', '2m', '120000ms'])('the grace may be %s', (REFRESH_GRACE) => {
    expect(readConfig({ REFRESH_GRACE }).REFRESH_GRACE).toBe(120_000)
  })

  it.each(['121s', '3m'])('the grace may not be %s', (REFRESH_GRACE) => {
    expect(() => readConfig({ REFRESH_GRACE })).toThrow('REFRESH_GRACE: must be at most 120s')
  })
})

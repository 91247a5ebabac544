/**
 * The world of a contract test of `idiot` or `xiot`.
 */
import { beforeAll } from 'vitest'
import { admin } from '../../support/accounts.ts'
import { useWorld, type World } from '../../support/world.ts'
import { makeNoTokens, type NoToken } from './noTokens.ts'
import { enter, ORIGIN } from './support.ts'

export interface V1World {
  (): World
  /** The `sess_` token of the administrator, good for 24 hours from the first test on. */
  admin(): string
  /** Asks, while tests are collected, for the tokens of `noToken`. */
  wantNoTokens(): void
  noToken(kind: NoToken): string
}

/** One world for the routes of a file, with an administrator and, where they were asked for, every dead token. */
export function useV1World(): V1World {
  const world = useWorld({ TRUSTED_PROXIES: 'loopback', CORS_ORIGINS: ORIGIN })
  let adminToken = ''
  let areWanted = false
  let noTokens: Readonly<Record<NoToken, string>> | undefined
  beforeAll(async () => {
    await admin(world())
    if (areWanted) noTokens = await makeNoTokens(world())
    adminToken = (await enter(world(), await admin(world()))).token
  }, 60_000)
  return Object.assign(() => world(), {
    admin: () => adminToken,
    wantNoTokens: () => {
      areWanted = true
    },
    noToken: (kind: NoToken) => {
      if (noTokens === undefined) throw new Error('wantNoTokens was not called while tests were collected')
      return noTokens[kind]
    },
  })
}

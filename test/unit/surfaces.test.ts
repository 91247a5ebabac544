/** The stricter of the rules of two surfaces, rule by rule, and where a session began. */
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { beganOn, longestMinimum, strictest, surfaceTable } from '../../src/domain/base/surfaces.ts'
import { expectedRules } from '../differential/expectedRules.ts'

const config = readConfig({})
const table = surfaceTable(config)
const WEAK = { stepUp: 86_400_000, changesEmailAtOnce: true, enablesTwoFactorAtOnce: true, disablesTwoFactorWithoutProof: true }
const STRICT = { stepUp: 600_000, changesEmailAtOnce: false, enablesTwoFactorAtOnce: false, disablesTwoFactorWithoutProof: false }

it('the table of the surfaces is the expected one, by default and where settings make the rules equal', () => {
  const equal = { COMMON_PASSWORDS_DIALECTS: 'true', STEP_UP_XIOT: '10m', FORGET_PASSWORD_DISCLOSES: 'false' }
  expect(table).toEqual(expectedRules.documented)
  expect(surfaceTable(readConfig(equal))).toEqual(expectedRules.levelled)
})

describe('the rules of xiot', () => {
  it('the rules of xiot are its own for a session of its own', () => {
    expect(strictest(table, 'xiot', ['xiot'])).toEqual(table.xiot)
    expect(strictest(table, 'xiot', ['xiot'])).toMatchObject({ ...WEAK, refusesCommonPasswords: false, tokens: 'v1' })
  })

  it.each(['graphql', 'wekan', 'authentication', 'idiot', 'custom'] as const)(
    'the rules of xiot are the stricter ones for a session of %s',
    (began) => {
      expect(strictest(table, 'xiot', [began])).toMatchObject({ ...STRICT, tokens: 'v1', signUpSignsIn: false, takesCookies: false })
      expect(strictest(table, 'xiot', ['xiot', began])).toMatchObject(STRICT)
      expect(strictest(table, began, ['xiot'])).toMatchObject(STRICT)
    },
  )

  it('refuse common passwords for a session of GraphQL alone', () => {
    expect(strictest(table, 'xiot', ['graphql']).refusesCommonPasswords).toBe(true)
    expect(strictest(table, 'xiot', ['wekan']).refusesCommonPasswords).toBe(false)
  })
})

it('the longest of the least lengths of a password counts', () => {
  expect([longestMinimum('wekan', []), longestMinimum('wekan', ['graphql']), longestMinimum('graphql', ['wekan'])]).toEqual([6, 8, 8])
})

describe('where a session began', () => {
  const row = (surface: string, origin: string | null = null) => ({ surface, origin })

  it('the shared sign-in is that of idiot and, for xiot, that of xiot', () => {
    expect(beganOn(config, 'xiot', row('idiot'))).toEqual(['xiot'])
    expect(beganOn(config, 'graphql', row('idiot'))).toEqual(['idiot'])
    expect(beganOn(config, 'xiot', row('xiot', 'idiot'))).toEqual(['xiot', 'xiot'])
  })

  it('with prefixes that differ there are two sign-ins', () => {
    expect(beganOn(readConfig({ XIOT_PREFIX: '/x' }), 'xiot', row('idiot'))).toEqual(['idiot'])
    expect(beganOn(readConfig({ XIOT_PREFIX: '/x', IDIOT_PREFIX: '/x' }), 'xiot', row('idiot'))).toEqual(['xiot'])
  })

  it('a sign-in that two surfaces did together began on both', () => {
    expect(beganOn(config, 'xiot', row('xiot', 'authentication'))).toEqual(['xiot', 'authentication'])
    expect(beganOn(config, 'xiot', row('graphql', 'idiot'))).toEqual(['graphql', 'xiot'])
  })

  it('a surface that is not known is taken for the strictest', () => {
    expect(beganOn(config, 'xiot', row('gone'))).toEqual(['graphql'])
  })
})

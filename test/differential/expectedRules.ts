/**
 * The rules of each surface under the settings of a pair, from the contract: what `xiot` lets its sessions do, and what settings make of it.
 * Not read from the code under test.
 */
import type { SurfaceRules, SurfaceTable } from '../../src/domain/base/surfaces.ts'

const TEN_MINUTES = 600_000
const DAY = 86_400_000

const strict: SurfaceRules = {
  refusesCommonPasswords: true,
  stepUp: TEN_MINUTES,
  changesEmailAtOnce: false,
  enablesTwoFactorAtOnce: false,
  disablesTwoFactorWithoutProof: false,
  disclosesUnknownEmail: false,
  tokens: 'chain',
  takesCookies: true,
  signUpSignsIn: true,
}

const tableOf = (legacy: SurfaceRules, xiot: Pick<SurfaceRules, 'stepUp' | 'disclosesUnknownEmail'>): SurfaceTable => ({
  graphql: strict,
  idiot: { ...legacy, tokens: 'v1' },
  wekan: { ...legacy, tokens: 'resume' },
  xiot: {
    ...legacy,
    tokens: 'v1',
    signUpSignsIn: false,
    changesEmailAtOnce: true,
    enablesTwoFactorAtOnce: true,
    disablesTwoFactorWithoutProof: true,
    ...xiot,
  },
  authentication: legacy,
  custom: legacy,
  cli: { ...strict, takesCookies: false },
})

export const expectedRules = {
  documented: tableOf({ ...strict, takesCookies: false, refusesCommonPasswords: false }, { stepUp: DAY, disclosesUnknownEmail: true }),
  levelled: tableOf({ ...strict, takesCookies: false }, { stepUp: TEN_MINUTES, disclosesUnknownEmail: false }),
} as const

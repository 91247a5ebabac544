/**
 * The one table of what differs by surface. `custom` is every dialect that is loaded at start from a file of the house's own. Where a legacy document forces a weaker rule than GraphQL's, the operation
 * reads it here, by the surface that the server put into the caller; no argument and no dialect can choose it.
 */
import type { Config } from '../config.ts'

export const surfaces = ['graphql', 'idiot', 'wekan', 'xiot', 'authentication', 'custom'] as const
export type Surface = (typeof surfaces)[number]

/** How the token of a session travels: in the Authorization header, or in a cookie that no script can read. */
export const transports = ['bearer', 'cookie'] as const
export type Transport = (typeof transports)[number]

/** Which tokens a sign-in hands out: a refresh chain, the two tokens of `/v1`, Wekan's one, or that of a cookie alone. */
export type TokenProfile = 'chain' | 'v1' | 'resume' | 'cookie'

export interface SurfaceRules {
  /** Also those made of words of their context, or known from breaches. */
  readonly refusesCommonPasswords: boolean
  /** How old the last password or code check may be for step-up, in ms. */
  readonly stepUp: number
  /** A new e-mail address counts at once, and not only when it was confirmed by mail. */
  readonly changesEmailAtOnce: boolean
  /** A second factor counts at once, and not only when a first code was given. */
  readonly enablesTwoFactorAtOnce: boolean
  readonly disablesTwoFactorWithoutProof: boolean
  /** A reset request for an unknown address says so. */
  readonly disclosesUnknownEmail: boolean
  /** What bearers get. */
  readonly tokens: Exclude<TokenProfile, 'cookie'>
  /** A browser may have its session in a cookie instead. */
  readonly takesCookies: boolean
  /** Whoever signs up is signed in. */
  readonly signUpSignsIn: boolean
}

/** In code points, wherever a password is set; 6 where the documents' own printed bodies need it. */
export const minimumPasswordLength: Readonly<Record<Surface, number>> = {
  graphql: 8,
  idiot: 8,
  wekan: 6,
  xiot: 8,
  authentication: 6,
  custom: 8,
}

export type SurfaceTable = Readonly<Record<Surface, SurfaceRules>>

export const surfaceTable = (config: Config): SurfaceTable => {
  const strict: SurfaceRules = {
    refusesCommonPasswords: config.COMMON_PASSWORDS_GRAPHQL,
    stepUp: config.STEP_UP_GRAPHQL,
    changesEmailAtOnce: false,
    enablesTwoFactorAtOnce: false,
    disablesTwoFactorWithoutProof: false,
    disclosesUnknownEmail: false,
    tokens: 'chain',
    takesCookies: true,
    signUpSignsIn: true,
  }
  const legacy: SurfaceRules = {
    ...strict,
    refusesCommonPasswords: config.COMMON_PASSWORDS_DIALECTS,
    takesCookies: false,
  }
  return {
    graphql: strict,
    idiot: { ...legacy, tokens: 'v1' },
    wekan: { ...legacy, tokens: 'resume' },
    xiot: {
      ...legacy,
      tokens: 'v1',
      signUpSignsIn: false,
      stepUp: config.STEP_UP_XIOT,
      changesEmailAtOnce: true,
      enablesTwoFactorAtOnce: true,
      disablesTwoFactorWithoutProof: true,
      disclosesUnknownEmail: config.FORGET_PASSWORD_DISCLOSES,
    },
    authentication: { ...legacy, tokens: 'chain' },
    custom: { ...legacy, tokens: 'chain' },
  }
}

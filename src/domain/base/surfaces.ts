/**
 * The one table of what differs by surface. `custom` is every dialect that is loaded at start from a file. Where a legacy document
 * forces a weaker rule than GraphQL's, the operation reads it here, by the surface that the server put into the caller; no argument
 * and no dialect can choose it.
 *
 * A weaker rule holds for sessions that began on its surface: for any other one the stricter of all surfaces that have to do with it
 * counts (`strictest`), so that no token does through another surface what its own would not let it do.
 */
import type { Config } from '../../config.ts'

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

type Stricter<Rule> = (one: Rule, other: Rule) => Rule

/** Which of two values is the stricter one; `called`: a rule that is weaker nowhere, and is that of the surface that is called. */
const stricter: { readonly [Name in keyof SurfaceRules]: Stricter<SurfaceRules[Name]> | 'called' } = {
  refusesCommonPasswords: (one, other) => one || other,
  stepUp: Math.min,
  changesEmailAtOnce: (one, other) => one && other,
  enablesTwoFactorAtOnce: (one, other) => one && other,
  disablesTwoFactorWithoutProof: (one, other) => one && other,
  // Asked without a session.
  disclosesUnknownEmail: 'called',
  tokens: 'called',
  takesCookies: 'called',
  signUpSignsIn: 'called',
}

const stricterOf = <Name extends keyof SurfaceRules>(name: Name, one: SurfaceRules, other: SurfaceRules): SurfaceRules[Name] => {
  const choose = stricter[name]
  return choose === 'called' ? one[name] : choose(one[name], other[name])
}

/** The rules of the surface that is called, each as strict as on all the `others`. */
export const strictest = (table: SurfaceTable, called: Surface, others: readonly Surface[]): SurfaceRules => {
  const names = Object.keys(stricter) as (keyof SurfaceRules)[]
  return others.reduce<SurfaceRules>(
    (rules, other) => Object.fromEntries(names.map((name) => [name, stricterOf(name, rules, table[other])])) as unknown as SurfaceRules,
    table[called],
  )
}

/** The longest of the least lengths. */
export const longestMinimum = (called: Surface, others: readonly Surface[]): number =>
  Math.max(...[called, ...others].map((surface) => minimumPasswordLength[surface]))

/** Where a session began. */
export interface Beginning {
  /** The surface that opened it, and where its sign-in began, if that was another. */
  readonly surface: string
  readonly origin: string | null
}

const isSurface = (name: string): name is Surface => (surfaces as readonly string[]).includes(name)

/** Below one prefix `idiot` and `xiot` have one sign-in, whose sessions bear the name of `idiot`. */
const sharesSignIn = ({ IDIOT_PREFIX, XIOT_PREFIX }: Pick<Config, 'IDIOT_PREFIX' | 'XIOT_PREFIX'>): boolean => IDIOT_PREFIX === XIOT_PREFIX

/**
 * The surfaces whose rules hold for a session beside those of the surface that is called: where it began, which a sign-in that two
 * surfaces share leaves open to both. A surface that there is no more is taken for the strictest one.
 */
export const beganOn = (
  config: Pick<Config, 'IDIOT_PREFIX' | 'XIOT_PREFIX'>,
  called: Surface,
  { surface, origin }: Beginning,
): readonly Surface[] =>
  [surface, ...(origin === null ? [] : [origin])]
    .map((name) => (isSurface(name) ? name : 'graphql'))
    .map((began) => (began === 'idiot' && called === 'xiot' && sharesSignIn(config) ? 'xiot' : began))

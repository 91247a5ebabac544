/**
 * The table of differences between surfaces. `custom` is every dialect that is loaded from a file, and `cli` the command line. Where a legacy document requires
 * a weaker rule than GraphQL's, operations read it here, by the surface that the server put into the caller; neither arguments nor
 * dialects can choose it.
 *
 * A weaker rule applies only to sessions that began on its surface. For all others the strictest rule of the surfaces involved
 * applies (`strictest`), so that a token cannot do through another surface what its own surface does not allow.
 */
import type { Config } from '../../config.ts'

export const surfaces = ['graphql', 'idiot', 'wekan', 'xiot', 'authentication', 'custom', 'cli'] as const
export type Surface = (typeof surfaces)[number]

/** How a client sends the token of its session: in the Authorization header, or in a cookie that scripts cannot read. */
export const transports = ['bearer', 'cookie'] as const
export type Transport = (typeof transports)[number]

/** The tokens that a sign-in issues: a refresh chain, the two tokens of `/v1`, Wekan's token, or a cookie. */
export type TokenProfile = 'chain' | 'v1' | 'resume' | 'cookie'

export interface SurfaceRules {
  /** Also refuses passwords made of context words, and those known from breaches. */
  readonly refusesCommonPasswords: boolean
  /** The maximum age of the last password or code check for step-up, in ms. */
  readonly stepUp: number
  /** Whether a new e-mail address takes effect at once, and not only when it is confirmed. */
  readonly changesEmailAtOnce: boolean
  /** Whether a second factor takes effect at once, and not only after a first code. */
  readonly enablesTwoFactorAtOnce: boolean
  readonly disablesTwoFactorWithoutProof: boolean
  /** Whether a reset request for an unknown address says so. */
  readonly disclosesUnknownEmail: boolean
  /** The tokens of a sign-in with bearer tokens. */
  readonly tokens: Exclude<TokenProfile, 'cookie'>
  /** Whether browsers may use a cookie instead. */
  readonly takesCookies: boolean
  /** Whether sign-up also signs in. */
  readonly signUpSignsIn: boolean
}

/** The minimum length of a new password in code points; 6 where the examples of the documents need it. */
export const minimumPasswordLength: Readonly<Record<Surface, number>> = {
  graphql: 8,
  idiot: 8,
  wekan: 6,
  xiot: 8,
  authentication: 6,
  custom: 8,
  cli: 8,
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
    cli: { ...strict, takesCookies: false },
  }
}

type Stricter<Rule> = (one: Rule, other: Rule) => Rule

/** Which of two values is stricter. `called`: the rule does not differ in strictness; the called surface decides. */
const stricter: { readonly [Name in keyof SurfaceRules]: Stricter<SurfaceRules[Name]> | 'called' } = {
  refusesCommonPasswords: (one, other) => one || other,
  stepUp: Math.min,
  changesEmailAtOnce: (one, other) => one && other,
  enablesTwoFactorAtOnce: (one, other) => one && other,
  disablesTwoFactorWithoutProof: (one, other) => one && other,
  // Requested without a session.
  disclosesUnknownEmail: 'called',
  tokens: 'called',
  takesCookies: 'called',
  signUpSignsIn: 'called',
}

const stricterOf = <Name extends keyof SurfaceRules>(name: Name, one: SurfaceRules, other: SurfaceRules): SurfaceRules[Name] => {
  const choose = stricter[name]
  return choose === 'called' ? one[name] : choose(one[name], other[name])
}

/** The rules of the called surface, each made as strict as on all the `others`. */
export const strictest = (table: SurfaceTable, called: Surface, others: readonly Surface[]): SurfaceRules => {
  if (others.every((other) => other === called)) return table[called]
  const names = Object.keys(stricter) as (keyof SurfaceRules)[]
  return others.reduce<SurfaceRules>(
    (rules, other) => Object.fromEntries(names.map((name) => [name, stricterOf(name, rules, table[other])])) as unknown as SurfaceRules,
    table[called],
  )
}

/** The largest of the minimum lengths. */
export const longestMinimum = (called: Surface, others: readonly Surface[]): number =>
  Math.max(...[called, ...others].map((surface) => minimumPasswordLength[surface]))

/** Where a session began. */
export interface Beginning {
  /** The surface that opened the session, and the one on which its sign-in began, if that was another. */
  readonly surface: string
  readonly origin: string | null
}

const isSurface = (name: string): name is Surface => (surfaces as readonly string[]).includes(name)

/** With one prefix, `idiot` and `xiot` share a sign-in route; its sessions belong to `idiot`. */
const sharesSignIn = ({ IDIOT_PREFIX, XIOT_PREFIX }: Pick<Config, 'IDIOT_PREFIX' | 'XIOT_PREFIX'>): boolean => IDIOT_PREFIX === XIOT_PREFIX

/**
 * The surfaces whose rules apply to a session in addition to the called one: those on which it began. A sign-in on the route that
 * `idiot` and `xiot` share counts for both. A surface that no longer exists counts as the strictest one.
 */
export const beganOn = (
  config: Pick<Config, 'IDIOT_PREFIX' | 'XIOT_PREFIX'>,
  called: Surface,
  { surface, origin }: Beginning,
): readonly Surface[] =>
  [surface, ...(origin === null ? [] : [origin])]
    .map((name) => (isSurface(name) ? name : 'graphql'))
    .map((began) => (began === 'idiot' && called === 'xiot' && sharesSignIn(config) ? 'xiot' : began))

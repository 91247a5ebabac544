/**
 * Sequences of operations: in one dialect or in all, with time passing to either side of a limit. A step is plain data; who
 * and what it means is decided when it is run, by what came of the steps before it.
 */
import * as fc from 'fast-check'
import type { DialectName } from './dialectCalls.ts'
import type { Operation } from './graphqlCalls.ts'
import { stricter, values } from './values.ts'

export interface Step {
  readonly dialect: DialectName
  readonly operation: Operation
  /** The field that is tried, and the kind of its value; all others are plain. */
  readonly field: string
  readonly kind: string
  /** Numbers that choose among those who are there. */
  readonly who: number
  readonly other: number
  readonly session: number
  /** Time that passes before it, in seconds. */
  readonly pause: number
  /** Which network it comes from. */
  readonly network: 0 | 1
  /** How often, one after the other. */
  readonly times: number
}

/** The fields of an operation's input on a dialect that has it. */
export const fieldsOf: Readonly<Partial<Record<Operation, Partial<Record<DialectName, readonly string[]>>>>> = {
  signUp: {
    wekan: ['username', 'email', 'password'],
    xiot: ['email', 'firstName', 'lastName', 'password', 'phone'],
    authentication: ['name', 'email', 'password', 'bio'],
  },
  createUser: { idiot: ['name', 'email', 'password'], wekan: ['username', 'email', 'password'] },
  updateProfile: { xiot: ['firstName', 'lastName', 'phone'] },
  changePassword: { xiot: ['newPassword'] },
  resetPassword: { xiot: ['newPassword'], authentication: ['newPassword'] },
  changeEmail: { xiot: ['email'] },
  requestPasswordReset: { xiot: ['email'], authentication: ['email'] },
}

/** What else a step may try, beside the kinds of its fields. */
const TRIES: Readonly<Partial<Record<Operation, readonly string[]>>> = {
  signUp: ['plain', 'plain'],
  signIn: [
    'plain',
    'plain',
    'plain',
    'byUsername',
    'inCapitals',
    'spaced',
    'wrong',
    'wrong',
    'previous',
    'unknown',
    'emptyPassword',
    'nul',
    'surrogate',
  ],
  verifyTwoFactor: ['plain', 'plain', 'plain', 'wrong', 'spent', 'recovery', 'spentRecovery', 'unknown', 'older', 'empty', 'nul'],
  signOut: ['plain', 'plain', 'older', 'nonsense', 'empty'],
  refreshSession: ['plain', 'plain', 'older', 'older', 'nonsense', 'empty', 'nul'],
  createUser: ['plain', 'plain', 'byRoot', 'byRoot', 'byMember'],
  deleteUser: ['byKeeper', 'byRoot', 'byRoot', 'byMember', 'self', 'root', 'unknown'],
  setLoginEnabled: ['disable', 'disable', 'enable', 'enable', 'byKeeper', 'byMember', 'self', 'unknown'],
  user: ['plain', 'byRoot', 'byMember', 'unknown', 'root'],
  users: ['byRoot', 'byKeeper', 'byMember'],
  me: ['plain', 'plain', 'other', 'nobody'],
  updateProfile: ['plain'],
  changePassword: ['plain', 'plain', 'wrongOld', 'wrongOld', 'emptyOld', 'same'],
  requestPasswordReset: ['known', 'known', 'known', 'knownInCapitals', 'unknown', 'disabled'],
  resetPassword: ['plain', 'plain', 'plain', 'spent', 'older', 'nonsense', 'emptyToken'],
  beginTwoFactorEnrollment: ['plain'],
  disableTwoFactor: ['plain', 'byCode', 'byPassword', 'wrongCode', 'wrongPassword', 'emptyCode'],
  changeEmail: ['plain', 'plain', 'own'],
}

/** More of what leads further, less of what only reads. */
const WEIGHTS: Readonly<Partial<Record<Operation, number>>> = {
  signIn: 4,
  verifyTwoFactor: 4,
  signUp: 3,
  refreshSession: 3,
  users: 1,
  me: 1,
  signOutEverywhere: 1,
}

const EVERY: readonly DialectName[] = ['idiot', 'wekan', 'xiot', 'authentication']
const OPERATIONS: Readonly<Record<string, readonly Operation[]>> = {
  idiot: ['createUser', 'users', 'user', 'deleteUser', 'signIn', 'signOut'],
  wekan: ['signUp', 'signIn', 'signOut', 'signOutEverywhere', 'createUser', 'users', 'user', 'deleteUser', 'setLoginEnabled', 'me'],
  xiot: [
    'signUp',
    'verifyTwoFactor',
    'me',
    'updateProfile',
    'changePassword',
    'requestPasswordReset',
    'resetPassword',
    'beginTwoFactorEnrollment',
    'disableTwoFactor',
    'changeEmail',
    'signIn',
  ],
  authentication: ['me', 'signUp', 'signIn', 'signOut', 'refreshSession', 'requestPasswordReset', 'resetPassword'],
}

/** Kinds that break no rule by themselves, or another one than that of the field, are left to where they fit. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = { resetPassword: ['context'], requestPasswordReset: ['empty'] }

const WITH_ID: readonly Operation[] = ['user', 'deleteUser', 'setLoginEnabled']

/** What an operation may try on a dialect: `field kind`. */
export const triesOf = (dialect: DialectName, operation: Operation): readonly (readonly [string, string])[] => {
  const more = dialect === 'wekan' && operation === 'signIn' ? ['code', 'wrongCode', 'recovery', 'spentRecovery', 'emptyPassword'] : []
  const own = [...(TRIES[operation] ?? ['plain']), ...more].map((kind) => ['', kind] as const)
  const fields = fieldsOf[operation]?.[dialect] ?? []
  const none =
    dialect === 'wekan' && (operation === 'signUp' || operation === 'createUser')
      ? ([['username', 'none'], ['email', 'none'], ...(operation === 'signUp' ? ([['both', 'none']] as const) : [])] as const)
      : []
  const tried = fields.flatMap((field) =>
    Object.keys(values[field] ?? {})
      .filter((kind) => kind !== 'plain' && LEFT_OUT[operation]?.includes(kind) !== true)
      .map((kind) => [field, kind] as const),
  )
  const ids = WITH_ID.includes(operation) ? [['id', 'nul'] as const] : []
  return [...own, ...own, ...tried, ...none, ...ids]
}

/** Whether what a step tries is refused by its dialect alone. */
export const isStricter = ({ dialect, operation, field, kind }: Step): boolean =>
  stricter.some((rule) => rule.dialect === dialect && rule.operation === operation && rule.field === field && rule.kinds.includes(kind))

const HOUR = 3_600
const PAUSES = [
  1,
  1,
  1,
  1,
  1,
  1,
  2,
  9,
  10,
  11,
  29,
  30,
  31,
  61,
  299,
  300,
  301,
  599,
  600,
  601,
  900,
  HOUR - 1,
  HOUR,
  6 * HOUR,
  24 * HOUR - 61,
  24 * HOUR,
]

const operationOf = (dialect: DialectName): fc.Arbitrary<Operation> =>
  fc.oneof(...(OPERATIONS[dialect] ?? []).map((name) => ({ weight: WEIGHTS[name] ?? 2, arbitrary: fc.constant(name) })))

const stepOf = (dialect: DialectName): fc.Arbitrary<Step> =>
  operationOf(dialect).chain((operation) =>
    fc
      .record({
        tried: fc.constantFrom(...triesOf(dialect, operation)),
        who: fc.nat(5),
        other: fc.nat(5),
        session: fc.nat(3),
        pause: fc.constantFrom(...PAUSES),
        network: fc.constantFrom<(0 | 1)[]>(0, 0, 0, 1),
        times: fc.constantFrom(1, 1, 1, 1, 4),
      })
      .map(({ tried: [field, kind], ...rest }) => ({ dialect, operation, field, kind, ...rest })),
  )

export interface Sequence {
  readonly mode: DialectName | 'mixed'
  /** Whether the member has a second factor from the start. */
  readonly hasFactor: boolean
  readonly steps: readonly Step[]
}

export const MOST_STEPS = 12

/** Whether a step is about what only somebody with rights may do. */
export const asksForRights = ({ operation }: Step): boolean => [...WITH_ID, 'createUser', 'users'].includes(operation)

export const sequences: fc.Arbitrary<Sequence> = fc.constantFrom<Sequence['mode'][]>('mixed', 'mixed', 'mixed', ...EVERY).chain((mode) =>
  fc.record({
    mode: fc.constant(mode),
    hasFactor: fc.boolean(),
    steps: fc.array(mode === 'mixed' ? fc.constantFrom(...EVERY).chain(stepOf) : stepOf(mode), {
      minLength: 1,
      maxLength: MOST_STEPS,
      size: 'max',
    }),
  }),
)

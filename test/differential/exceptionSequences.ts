/**
 * For each line of the table of exceptions a short sequence that needs it: the sequence goes well with the whole table, and fails when
 * the line is taken out.
 */
import type { ExceptionName } from './exceptions.ts'
import type { PairName } from './pair.ts'
import type { Sequence, Step } from './steps.ts'

export type Brief = Pick<Step, 'dialect' | 'operation'> & Partial<Step>

const plain = { field: '', kind: 'plain', who: 0, other: 0, session: 0, pause: 1, network: 0, times: 1 } as const

export const sequence = (...steps: readonly Brief[]): Sequence => ({
  mode: 'mixed',
  hasFactor: false,
  steps: steps.map((step) => ({ ...plain, ...step })),
})

export const withFactor = (...steps: readonly Brief[]): Sequence => ({ ...sequence(...steps), hasFactor: true })

/** Where the settings make the rules equal, these lines have nothing to say. */
export const settled: readonly ExceptionName[] = ['commonPasswords', 'stepUp', 'unknownEmail']

/** The weaker rules of `xiot` hold for sessions that began there. */
const onV1: Brief = { dialect: 'idiot', operation: 'signIn' }

export const exceptionSequences: Readonly<Record<ExceptionName, Sequence>> = {
  surface: sequence({ dialect: 'idiot', operation: 'signIn' }),
  accountIds: sequence({ dialect: 'wekan', operation: 'createUser', kind: 'byRoot' }),
  tokens: sequence({ dialect: 'idiot', operation: 'signIn' }),
  signUpSignsIn: sequence({ dialect: 'xiot', operation: 'signUp' }),
  passwordLength: sequence({ dialect: 'wekan', operation: 'signUp', field: 'password', kind: 'six' }),
  commonPasswords: sequence({ dialect: 'xiot', operation: 'signUp', field: 'password', kind: 'common' }),
  stepUp: sequence(onV1, { dialect: 'xiot', operation: 'changeEmail', session: 1, pause: 3_600 }),
  emailAtOnce: sequence(onV1, { dialect: 'xiot', operation: 'changeEmail', session: 1 }),
  twoFactorAtOnce: sequence(onV1, { dialect: 'xiot', operation: 'beginTwoFactorEnrollment', session: 1 }),
  withoutProof: withFactor(
    onV1,
    { dialect: 'xiot', operation: 'verifyTwoFactor' },
    { dialect: 'xiot', operation: 'disableTwoFactor', session: 1 },
  ),
  unknownEmail: sequence({ dialect: 'xiot', operation: 'requestPasswordReset', kind: 'unknown' }),
  routeNames: sequence({ dialect: 'wekan', operation: 'setLoginEnabled', kind: 'byMember' }),
  asksForMore: sequence({ dialect: 'wekan', operation: 'createUser' }),
  stricterInput: sequence({ dialect: 'xiot', operation: 'signUp', field: 'firstName', kind: 'hyphen' }),
  emptyIsAbsent: sequence({ dialect: 'wekan', operation: 'signUp', field: 'email', kind: 'empty' }),
  confirmation: sequence({ dialect: 'xiot', operation: 'changePassword', field: 'newPassword', kind: 'nul' }),
  matchFailed: sequence({ dialect: 'wekan', operation: 'signUp', field: 'password', kind: 'nul' }),
  resumeTokens: sequence({ dialect: 'wekan', operation: 'signIn' }, { dialect: 'wekan', operation: 'user', kind: 'byRoot' }),
}

export const isSettled = (name: ExceptionName, pair: PairName): boolean => pair === 'levelled' && settled.includes(name)

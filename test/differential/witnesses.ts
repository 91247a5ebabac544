/**
 * For each line of the table of exceptions a short sequence that needs it: the sequence goes well with the whole table, and fails when
 * the line is taken out.
 */
import type { ExceptionName } from './exceptions.ts'
import type { PairName } from './pair.ts'
import type { Sequence, Step } from './steps.ts'

type Brief = Pick<Step, 'dialect' | 'operation'> & Partial<Step>

const plain = { field: '', kind: 'plain', who: 0, other: 0, session: 0, pause: 1, network: 0, times: 1 } as const

const sequence = (...steps: readonly Brief[]): Sequence => ({
  mode: 'mixed',
  hasFactor: false,
  steps: steps.map((step) => ({ ...plain, ...step })),
})

const withFactor = (...steps: readonly Brief[]): Sequence => ({ ...sequence(...steps), hasFactor: true })

/** Where the settings make the rules equal, these lines have nothing to say. */
export const settled: readonly ExceptionName[] = ['commonPasswords', 'stepUp', 'unknownEmail']

export const witnesses: Readonly<Record<ExceptionName, Sequence>> = {
  surface: sequence({ dialect: 'idiot', operation: 'signIn' }),
  accountIds: sequence({ dialect: 'wekan', operation: 'createUser', kind: 'byRoot' }),
  tokens: sequence({ dialect: 'idiot', operation: 'signIn' }),
  signUpSignsIn: sequence({ dialect: 'xiot', operation: 'signUp' }),
  passwordLength: sequence({ dialect: 'wekan', operation: 'signUp', field: 'password', kind: 'six' }),
  commonPasswords: sequence({ dialect: 'xiot', operation: 'changePassword', field: 'newPassword', kind: 'common' }),
  stepUp: sequence({ dialect: 'xiot', operation: 'changeEmail', pause: 3_600 }),
  emailAtOnce: sequence({ dialect: 'xiot', operation: 'changeEmail' }),
  twoFactorAtOnce: sequence({ dialect: 'xiot', operation: 'beginTwoFactorEnrollment' }),
  withoutProof: withFactor({ dialect: 'xiot', operation: 'disableTwoFactor' }),
  unknownEmail: sequence({ dialect: 'xiot', operation: 'requestPasswordReset', kind: 'unknown' }),
  routeNames: sequence({ dialect: 'wekan', operation: 'setLoginEnabled', kind: 'byMember' }),
  asksForMore: sequence({ dialect: 'wekan', operation: 'users', kind: 'byKeeper' }),
  stricterInput: sequence({ dialect: 'xiot', operation: 'signUp', field: 'firstName', kind: 'hyphen' }),
  emptyIsAbsent: sequence({ dialect: 'wekan', operation: 'signUp', field: 'email', kind: 'empty' }),
  confirmation: sequence({ dialect: 'xiot', operation: 'changePassword', field: 'newPassword', kind: 'nul' }),
  matchFailed: sequence({ dialect: 'wekan', operation: 'signUp', field: 'password', kind: 'nul' }),
  resumeTokens: sequence({ dialect: 'wekan', operation: 'signIn' }, { dialect: 'wekan', operation: 'user', kind: 'byRoot' }),
}

/** Ways on that random sequences seldom find. */
export const journeys: Readonly<Record<string, Sequence>> = {
  'a sign-in on `authentication` that ends on `xiot`, refreshed, reused and over': withFactor(
    { dialect: 'authentication', operation: 'signIn', pause: 61 },
    { dialect: 'xiot', operation: 'verifyTwoFactor', kind: 'wrong' },
    { dialect: 'xiot', operation: 'verifyTwoFactor' },
    { dialect: 'xiot', operation: 'verifyTwoFactor', kind: 'older' },
    { dialect: 'authentication', operation: 'refreshSession', session: 1 },
    { dialect: 'authentication', operation: 'refreshSession', session: 1, kind: 'older', pause: 10 },
    { dialect: 'authentication', operation: 'refreshSession', session: 1, kind: 'older', pause: 11 },
    { dialect: 'authentication', operation: 'refreshSession', session: 1 },
  ),
  'a factor, its codes and its end': sequence(
    { dialect: 'xiot', operation: 'beginTwoFactorEnrollment' },
    { dialect: 'xiot', operation: 'signIn' },
    { dialect: 'xiot', operation: 'verifyTwoFactor', kind: 'recovery' },
    { dialect: 'xiot', operation: 'signIn' },
    { dialect: 'xiot', operation: 'verifyTwoFactor', kind: 'spentRecovery', times: 4 },
    { dialect: 'wekan', operation: 'signIn', kind: 'code', pause: 900 },
    { dialect: 'xiot', operation: 'disableTwoFactor', kind: 'byPassword' },
    { dialect: 'idiot', operation: 'signIn' },
  ),
  'a lost password, by a link that is used twice': sequence(
    { dialect: 'authentication', operation: 'requestPasswordReset', kind: 'knownInCapitals', times: 4 },
    { dialect: 'authentication', operation: 'resetPassword', field: 'newPassword', kind: 'five' },
    { dialect: 'authentication', operation: 'resetPassword', field: 'newPassword', kind: 'six' },
    { dialect: 'xiot', operation: 'resetPassword', kind: 'plain' },
    { dialect: 'idiot', operation: 'signIn', kind: 'previous' },
    { dialect: 'idiot', operation: 'signIn' },
  ),
  'addresses that move, and are taken': sequence(
    { dialect: 'xiot', operation: 'changeEmail', field: 'email', kind: 'longest' },
    { dialect: 'xiot', operation: 'changeEmail', kind: 'own' },
    { dialect: 'xiot', operation: 'signUp' },
    { dialect: 'wekan', operation: 'signUp', field: 'username', kind: 'someonesEmail' },
    { dialect: 'xiot', operation: 'changeEmail', field: 'email', kind: 'takenInCapitals', other: 1 },
    { dialect: 'xiot', operation: 'changeEmail', field: 'email', kind: 'capitals', network: 1 },
    { dialect: 'wekan', operation: 'me' },
  ),
  'an account that is made, disabled, enabled and deleted': sequence(
    { dialect: 'idiot', operation: 'createUser', kind: 'byRoot' },
    { dialect: 'idiot', operation: 'signIn', who: 2, network: 1 },
    { dialect: 'wekan', operation: 'setLoginEnabled', who: 2, kind: 'disable' },
    { dialect: 'wekan', operation: 'signIn', who: 2 },
    { dialect: 'authentication', operation: 'me', who: 2 },
    { dialect: 'wekan', operation: 'setLoginEnabled', who: 2, kind: 'enable' },
    { dialect: 'authentication', operation: 'signIn', who: 2 },
    { dialect: 'idiot', operation: 'deleteUser', who: 2, kind: 'byKeeper' },
    { dialect: 'idiot', operation: 'user', who: 2, kind: 'byRoot' },
    { dialect: 'wekan', operation: 'deleteUser', kind: 'self' },
    { dialect: 'idiot', operation: 'deleteUser', kind: 'root' },
  ),
  'a password that changes, and who else is signed in': sequence(
    { dialect: 'idiot', operation: 'signIn' },
    { dialect: 'wekan', operation: 'signIn' },
    { dialect: 'xiot', operation: 'changePassword', session: 1 },
    { dialect: 'wekan', operation: 'me', session: 2 },
    { dialect: 'authentication', operation: 'me', session: 1 },
    { dialect: 'idiot', operation: 'signIn', kind: 'previous' },
    { dialect: 'idiot', operation: 'signOut', session: 1 },
    { dialect: 'idiot', operation: 'signOut', session: 1 },
  ),
  'new passwords at the least length': sequence(
    { dialect: 'wekan', operation: 'signUp', field: 'password', kind: 'five' },
    { dialect: 'authentication', operation: 'signUp', field: 'password', kind: 'five' },
    { dialect: 'xiot', operation: 'signUp', field: 'password', kind: 'seven' },
  ),
  'what people say of themselves': sequence(
    { dialect: 'authentication', operation: 'signUp', field: 'bio', kind: 'short' },
    { dialect: 'authentication', operation: 'me', who: 1 },
    { dialect: 'xiot', operation: 'signUp', field: 'phone', kind: 'egyptian' },
    { dialect: 'xiot', operation: 'updateProfile', field: 'lastName', kind: 'arabic', who: 2 },
    { dialect: 'xiot', operation: 'updateProfile', field: 'phone', kind: 'international', who: 1 },
    { dialect: 'xiot', operation: 'me', who: 2 },
    { dialect: 'wekan', operation: 'me', who: 1 },
  ),
  'guesses until there are too many': sequence(
    { dialect: 'wekan', operation: 'signIn', kind: 'wrong', times: 4 },
    { dialect: 'authentication', operation: 'signIn' },
    { dialect: 'xiot', operation: 'changePassword', kind: 'wrongOld' },
    { dialect: 'idiot', operation: 'signIn', kind: 'unknown', times: 4 },
    { dialect: 'authentication', operation: 'refreshSession', kind: 'nonsense', times: 4 },
    { dialect: 'wekan', operation: 'signIn', pause: 61 },
  ),
}

/** Sequences that are played by name, in each world. */
export const isSettled = (name: ExceptionName, pair: PairName): boolean => pair === 'levelled' && settled.includes(name)

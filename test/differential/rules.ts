/**
 * Where a line of the table of weaker rules applies: decided before a step is run, by the table itself and by what the step
 * tries. Nothing here knows what a rule says on which surface; that is read from `surfaces.ts`.
 */

import type { OperationName } from '../../src/domain/access/operationTable.ts'
import { longestMinimum, type Surface, type SurfaceRules, strictest } from '../../src/domain/base/surfaces.ts'
import { askedByOperation } from '../authorization/expected.ts'
import type { Action } from './actions.ts'
import type { Place } from './dialectCalls.ts'
import type { ExceptionName, Lines } from './exceptions.ts'
import type { Pair } from './pair.ts'
import { isStricter } from './steps.ts'
import { COMMON_KINDS } from './values.ts'

export interface Turn {
  readonly pair: Pair
  readonly lines: Lines
  readonly action: Action
  readonly place: Place
  /** The surfaces on which the session of the world of the dialect began. */
  readonly began: readonly Surface[]
}

/** The rules of the dialect, for a session that began where it did. */
const ownRules = ({ pair, place, began }: Turn): SurfaceRules => strictest(pair.table, place.surface, began)

/** Whether the dialect does at once, for this session, what GraphQL confirms. */
export const isAtOnce = (turn: Turn): boolean =>
  (turn.action.operation === 'changeEmail' && ownRules(turn).changesEmailAtOnce) ||
  (turn.action.operation === 'beginTwoFactorEnrollment' && ownRules(turn).enablesTwoFactorAtOnce)

const codePoints = (text: string): number => [...text].length

/** The line by which the dialect takes a new password that GraphQL refuses. */
export const weakerPassword = (turn: Turn): ExceptionName | undefined => {
  const { pair, lines, action, place, began } = turn
  if (action.newPassword === undefined) return undefined
  const given = action.inputs.rest[action.newPassword]
  if (typeof given !== 'string' || !given.isWellFormed() || given.includes('\0')) return undefined
  const [strict, own] = [pair.table.graphql, ownRules(turn)]
  const [least, ownLeast] = [pair.minimum.graphql, longestMinimum(place.surface, began)]
  if (codePoints(given) < least) return codePoints(given) >= ownLeast && lines.has('passwordLength') ? 'passwordLength' : undefined
  const isCommon = action.step.field === action.newPassword && COMMON_KINDS.includes(action.step.kind)
  return isCommon && strict.refusesCommonPasswords && !own.refusesCommonPasswords && lines.has('commonPasswords')
    ? 'commonPasswords'
    : undefined
}

/** The dialect turns a factor off without a proof, which GraphQL asks for. */
export const isWithoutProof = (turn: Turn): boolean =>
  turn.action.operation === 'disableTwoFactor' &&
  Object.keys(turn.action.inputs.rest).length === 0 &&
  turn.lines.has('withoutProof') &&
  ownRules(turn).disablesTwoFactorWithoutProof &&
  !turn.pair.table.graphql.disablesTwoFactorWithoutProof

/** The dialect takes a proof that is too old for GraphQL; `age` is that of the session, in ms. */
export const takesOlderProof = (turn: Turn, age: number): boolean =>
  askedByOperation[turn.action.operation as OperationName] === 'step-up' &&
  turn.lines.has('stepUp') &&
  age > turn.pair.table.graphql.stepUp &&
  age <= ownRules(turn).stepUp

/** The dialect lets administrators only, where others may do the operation. */
export const asksForMore = ({ lines, action, place }: Turn, isAdmin: boolean): boolean =>
  place.row.who === 'admin' && askedByOperation[action.operation as OperationName] !== 'admin' && !isAdmin && lines.has('asksForMore')

/** The dialect's document asks for more of a field. */
export const asksMoreOfField = ({ lines, action }: Turn): boolean => isStricter(action.step) && lines.has('stricterInput')

/** How the two worlds come to the same state where the table lets the dialect do at once, or not at all, what GraphQL does otherwise. */
export const levelledBy = (turn: Turn): ExceptionName | undefined => {
  const { pair, lines, action } = turn
  const [strict, own] = [pair.table.graphql, ownRules(turn)]
  const line = (differs: boolean, name: ExceptionName) => (differs && lines.has(name) ? name : undefined)
  if (action.operation === 'signUp') return line(strict.signUpSignsIn && !own.signUpSignsIn, 'signUpSignsIn')
  if (action.operation === 'changeEmail') return line(!strict.changesEmailAtOnce && own.changesEmailAtOnce, 'emailAtOnce')
  if (action.operation !== 'beginTwoFactorEnrollment') return undefined
  return line(!strict.enablesTwoFactorAtOnce && own.enablesTwoFactorAtOnce, 'twoFactorAtOnce')
}

/** A dialect tells that it knows no such address. */
export const tellsUnknownEmail = ({ pair, lines, action, place }: Turn, isKnown: boolean): boolean =>
  action.operation === 'requestPasswordReset' &&
  !isKnown &&
  lines.has('unknownEmail') &&
  pair.table[place.surface].disclosesUnknownEmail &&
  !pair.table.graphql.disclosesUnknownEmail

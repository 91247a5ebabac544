/**
 * Runs a step in both worlds, through GraphQL in one and through a dialect in the other, and compares what was answered and what is
 * left behind. Where a line of the table applies, the step is run in the way that the line says, so that the worlds stay equal.
 */
import { expect } from 'vitest'
import { fieldErrorsOf } from '../../src/domain/base/input.ts'
import { totp } from '../support/accounts.ts'
import { advance } from '../support/clock.ts'
import type { Answer } from '../support/world.ts'
import { actionOf } from './actions.ts'
import {
  type Attempt,
  ageOf,
  asBegun,
  attemptOf,
  factsOf,
  type Run,
  receivedFromGraphql,
  receivedFromRest,
  throughDialect,
  throughGraphql,
} from './attempt.ts'
import { compareMails, compareTables, read } from './compare.ts'
import type { Outcome } from './graphqlCalls.ts'
import { type Added, level, makeRoom } from './level.ts'
import { expectFailure, expectSame } from './outcomes.ts'
import { atOnce, type Both, both, bothAsync, type Side } from './pair.ts'
import {
  asksForMore,
  asksMoreOfField,
  isAtOnce,
  isWithoutProof,
  levelledBy,
  takesOlderProof,
  tellsUnknownEmail,
  weakerPassword,
} from './rules.ts'
import type { Step } from './steps.ts'
import { substituteFor } from './values.ts'

/** A request that is refused for its input leaves nothing behind. */
const leavingNothing = async <T>({ run }: Attempt, sides: readonly Side[], ask: () => Promise<T>): Promise<T> => {
  const look = async () => await Promise.all(sides.map(async (side) => await read(run.watching, side)))
  const before = await look()
  const answer = await ask()
  expect(await look(), 'what a refused request leaves').toEqual(before)
  return answer
}

const isInvalid = (outcome: Outcome, field: string): boolean =>
  outcome.kind === 'failure' && outcome.failure.code === 'INVALID_INPUT' && outcome.failure.fieldErrors[0]?.field === field

/** GraphQL, by the strict rule first and then by an input of the same effect that it takes, where a line applies. */
const strictly = async (attempt: Attempt): Promise<{ readonly outcome: Outcome; readonly password?: string }> => {
  const { action, run } = attempt
  const weaker = weakerPassword(attempt) ?? (isWithoutProof(attempt) ? 'withoutProof' : undefined)
  if (weaker === undefined) return { outcome: await throughGraphql(attempt, 'graphql') }
  const [field, input] =
    weaker === 'withoutProof'
      ? (['code', { code: action.person.factor === null ? '000000' : totp(action.person.factor.secret.graphql) }] as const)
      : ([
          action.newPassword ?? '',
          { [action.newPassword ?? '']: substituteFor(String(action.inputs.graphql[action.newPassword ?? ''])) },
        ] as const)
  const before = await read(run.watching, 'graphql')
  const strict = await throughGraphql(attempt, 'graphql')
  if (strict.kind === 'success') throw new Error(`GraphQL took what ${weaker} says that it refuses`)
  if (!isInvalid(strict, field)) return { outcome: strict }
  expect(await read(run.watching, 'graphql'), 'what a refused request leaves').toEqual(before)
  run.counts.applies(weaker)
  const outcome = await throughGraphql(attempt, 'graphql', { ...action.inputs.graphql, ...input })
  return { outcome, ...(weaker === 'withoutProof' ? {} : { password: Object.values(input)[0] ?? '' }) }
}

const isKnown = async ({ pair, action }: Attempt): Promise<boolean> => {
  const email = String(action.inputs.graphql.email).trim()
  if (!email.isWellFormed() || email.includes('\0')) return true
  return (await pair.worlds.graphql.db.client.user.count({ where: { email: { equals: email, mode: 'insensitive' } } })) > 0
}

const passwordsOf = ({ action }: Attempt, graphql?: string): Both<string> => {
  const given = (side: Side) => String(action.inputs[side][action.newPassword ?? ''] ?? '')
  return { graphql: graphql ?? given('graphql'), rest: given('rest') }
}

const UNKNOWN_EMAIL = {
  code: 'EMAIL_UNKNOWN',
  message: 'No account has this e-mail address',
  fieldErrors: [{ field: 'email', message: 'No account has this e-mail address' }],
} as const

/** The usual way: one world through GraphQL, the other one through the dialect. */
const runApart = async (attempt: Attempt): Promise<void> => {
  const { action, run, route, comparing, context } = attempt
  const known = action.operation !== 'requestPasswordReset' || (await isKnown(attempt))
  const [{ outcome, password }, answer] = await atOnce(strictly(attempt), throughDialect(attempt, 'rest'))
  const added = await compareLevelled(attempt, outcome, answer)
  if (outcome.kind === 'success' && tellsUnknownEmail(attempt, known)) {
    run.counts.applies('unknownEmail')
    expectFailure(comparing, route, UNKNOWN_EMAIL, answer, context)
  } else expectSame(comparing, route, outcome, answer, context, factsOf(attempt))
  const isPending = action.operation === 'changeEmail' && !isAtOnce(attempt)
  if ((outcome.kind === 'success' && !isPending) || (outcome.kind === 'failure' && outcome.failure.code === 'TWO_FACTOR_REQUIRED'))
    action.learn(
      { graphql: { ...receivedFromGraphql(outcome), ...added.graphql }, rest: { ...receivedFromRest(answer), ...added.rest } },
      passwordsOf(attempt, password),
    )
  run.counts.outcome(outcome.kind === 'success' ? 'success' : outcome.failure.code)
  await finishLevelling(attempt, outcome)
}

/** Ids are named before bodies are compared, so the databases are read first, levelled where a line says how. */
const compareLevelled = async (attempt: Attempt, outcome: Outcome, answer: Answer): Promise<Added> => {
  const line = levelledBy(attempt)
  const isLevelled = line !== undefined && outcome.kind === 'success' && answer.status < 300
  if (isLevelled) attempt.run.counts.applies(line)
  const added = isLevelled ? await level(attempt, line, outcome.result) : {}
  await compare(attempt)
  return added
}

const compare = async ({ run, from }: Attempt): Promise<void> => {
  await compareTables(run.watching)
  run.accounts.resetTokens.push(...compareMails(run.watching, from.requestId))
  run.counts.comparison()
}

const finishLevelling = async (attempt: Attempt, outcome: Outcome): Promise<void> => {
  // No code of the step that a confirmation spent is of use any more.
  if (outcome.kind === 'success' && levelledBy(attempt) === 'twoFactorAtOnce') advance(61_000)
}

const BEFORE_INPUT: readonly string[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'REAUTHENTICATION_REQUIRED', 'TWO_FACTOR_ENROLLMENT_REQUIRED']

/** Both worlds answered alike; what GraphQL said. */
const alike = ({ comparing }: Attempt, outcomes: Both<Outcome>): Outcome => {
  const plain = both((side) =>
    JSON.stringify(outcomes[side], (key, value) => (/token|loginCode|secret|url|qr|codes/i.test(key) ? 'shown once' : value)),
  )
  const names = both((side) => [...comparing.labels[side]].reduce((text, [id, name]) => text.replaceAll(id, name), plain[side]))
  expect(names.rest).toBe(names.graphql)
  return outcomes.graphql
}

/** A dialect that refuses what GraphQL takes: both worlds are refused by the dialect, then both go on through GraphQL. */
const runRefused = async (attempt: Attempt, because: 'asksForMore' | 'stricterInput'): Promise<void> => {
  const { action, run, route, comparing, context } = attempt
  const ask = async () => await bothAsync(async (side) => await throughDialect(attempt, side))
  const answers =
    because === 'stricterInput' && action.token.rest === undefined ? await leavingNothing(attempt, ['rest', 'graphql'], ask) : await ask()
  const outcomes = await bothAsync(async (side) => await throughGraphql(attempt, side))
  await compare(attempt)
  const outcome = alike(attempt, outcomes)
  for (const side of ['graphql', 'rest'] as const) {
    if (outcome.kind === 'failure' && BEFORE_INPUT.includes(outcome.failure.code))
      expectFailure(comparing, route, outcome.failure, answers[side], context)
    else if (because === 'asksForMore')
      expectFailure(comparing, route, { code: 'FORBIDDEN', message: '', fieldErrors: [] }, answers[side], context)
    else expectInvalidField(attempt, answers[side])
  }
  run.counts.applies(because)
  if (outcome.kind === 'success')
    action.learn(
      both((side) => receivedFromGraphql(outcomes[side])),
      passwordsOf(attempt),
    )
}

/** The row's own schema refuses the one field that was tried, and no other. */
const expectInvalidField = ({ action, route, context }: Attempt, answer: Answer): void => {
  const { call, place } = route
  const { json, params } = call.send(action.inputs.rest)
  const results = [place.row.parts.params?.safeParse(params), place.row.parts.body?.safeParse(json)]
  const errors = results.flatMap((result) => (result?.success === false ? fieldErrorsOf(result.error) : []))
  expect(errors.map(({ field }) => field)).toEqual([action.step.field])
  const { status, body } = place.mount.errors.invalid(errors, context)
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body })
}

/** A dialect that takes an older proof: GraphQL refuses in both worlds, the dialect goes on in both. */
const runByOlderProof = async (attempt: Attempt): Promise<void> => {
  const { action, run } = attempt
  const outcomes = await bothAsync(async (side) => await throughGraphql(attempt, side))
  const refused = alike(attempt, outcomes)
  expect(refused).toMatchObject({ kind: 'failure', failure: { code: 'REAUTHENTICATION_REQUIRED' } })
  const answers = await asBegun(attempt, async () => await bothAsync(async (side) => await throughDialect(attempt, side)))
  await compare(attempt)
  expect(answers.rest.status).toBe(answers.graphql.status)
  expect(answers.rest.status, 'an older proof is enough').not.toBe(401)
  run.counts.applies('stepUp')
  if (answers.rest.status === 200)
    action.learn(
      both((side) => receivedFromRest(answers[side])),
      passwordsOf(attempt),
    )
}

const runOnce = async (run: Run, step: Step, number: string): Promise<void> => {
  const from = run.from(number, step.network)
  await makeRoom(run, step)
  const action = actionOf(step, run.accounts, `${run.runName}${number}`.replaceAll('-', 'x'))
  const attempt = await attemptOf(run, action, from)
  if (asksForMore(attempt, action.person === run.accounts.root)) await runRefused(attempt, 'asksForMore')
  else if (takesOlderProof(attempt, await ageOf(attempt))) await runByOlderProof(attempt)
  else if (asksMoreOfField(attempt)) await runRefused(attempt, 'stricterInput')
  else await runApart(attempt)
  run.counts.step(step)
}

/** Runs a step as often as it says. */
export async function runStep(run: Run, step: Step, number: number): Promise<void> {
  advance(step.pause * 1_000)
  for (let time = 0; time < step.times; time += 1) {
    if (time > 0) advance(1_000)
    await runOnce(run, step, `${number}-${time}`)
  }
}

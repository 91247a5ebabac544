/**
 * Plays a step in both worlds, through GraphQL in one and through a dialect in the other, and compares what was answered and what is
 * left behind. Where a line of the table bites, the step is played in the way that the line foretells, so that the worlds stay equal.
 */
import { expect } from 'vitest'
import { fieldErrorsOf } from '../../src/domain/base/input.ts'
import { totp } from '../support/accounts.ts'
import { advance } from '../support/clock.ts'
import type { Answer } from '../support/world.ts'
import { compareMails, compareTables, read } from './compare.ts'
import { deedOf } from './deeds.ts'
import type { Outcome } from './graphqlDoor.ts'
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
import {
  ageOf,
  asBegun,
  factsOf,
  harvestGraphql,
  harvestRest,
  type Play,
  type Scene,
  sceneOf,
  throughDialect,
  throughGraphql,
} from './scene.ts'
import type { Step } from './steps.ts'
import { substituteFor } from './values.ts'

/** A request that is refused for its input leaves nothing behind. */
const leavingNothing = async <T>({ play }: Scene, sides: readonly Side[], ask: () => Promise<T>): Promise<T> => {
  const look = async () => await Promise.all(sides.map(async (side) => await read(play.watching, side)))
  const before = await look()
  const answer = await ask()
  expect(await look(), 'what a refused request leaves').toEqual(before)
  return answer
}

const isInvalid = (outcome: Outcome, field: string): boolean =>
  outcome.kind === 'failure' && outcome.failure.code === 'INVALID_INPUT' && outcome.failure.fieldErrors[0]?.field === field

/** GraphQL, by the strict rule first and then by an input of the same effect that it takes, where a line bites. */
const strictly = async (scene: Scene): Promise<{ readonly outcome: Outcome; readonly password?: string }> => {
  const { deed, play } = scene
  const weaker = weakerPassword(scene) ?? (isWithoutProof(scene) ? 'withoutProof' : undefined)
  if (weaker === undefined) return { outcome: await throughGraphql(scene, 'graphql') }
  const [field, input] =
    weaker === 'withoutProof'
      ? (['code', { code: deed.person.factor === null ? '000000' : totp(deed.person.factor.secret.graphql) }] as const)
      : ([
          deed.newPassword ?? '',
          { [deed.newPassword ?? '']: substituteFor(String(deed.inputs.graphql[deed.newPassword ?? ''])) },
        ] as const)
  const before = await read(play.watching, 'graphql')
  const strict = await throughGraphql(scene, 'graphql')
  if (strict.kind === 'success') throw new Error(`GraphQL took what ${weaker} says that it refuses`)
  if (!isInvalid(strict, field)) return { outcome: strict }
  expect(await read(play.watching, 'graphql'), 'what a refused request leaves').toEqual(before)
  play.figures.bites(weaker)
  const outcome = await throughGraphql(scene, 'graphql', { ...deed.inputs.graphql, ...input })
  return { outcome, ...(weaker === 'withoutProof' ? {} : { password: Object.values(input)[0] ?? '' }) }
}

const isKnown = async ({ pair, deed }: Scene): Promise<boolean> => {
  const email = String(deed.inputs.graphql.email).trim()
  if (!email.isWellFormed() || email.includes('\0')) return true
  return (await pair.worlds.graphql.db.client.user.count({ where: { email: { equals: email, mode: 'insensitive' } } })) > 0
}

const passwordsOf = ({ deed }: Scene, graphql?: string): Both<string> => {
  const given = (side: Side) => String(deed.inputs[side][deed.newPassword ?? ''] ?? '')
  return { graphql: graphql ?? given('graphql'), rest: given('rest') }
}

const UNKNOWN_EMAIL = {
  code: 'EMAIL_UNKNOWN',
  message: 'No account has this e-mail address',
  fieldErrors: [{ field: 'email', message: 'No account has this e-mail address' }],
} as const

/** The usual way: one world through GraphQL, the other one through the dialect. */
const playApart = async (scene: Scene): Promise<void> => {
  const { deed, play, route, comparing, context } = scene
  const known = deed.operation !== 'requestPasswordReset' || (await isKnown(scene))
  const [{ outcome, password }, answer] = await atOnce(strictly(scene), throughDialect(scene, 'rest'))
  const added = await compareLevelled(scene, outcome, answer)
  if (outcome.kind === 'success' && tellsUnknownEmail(scene, known)) {
    play.figures.bites('unknownEmail')
    expectFailure(comparing, route, UNKNOWN_EMAIL, answer, context)
  } else expectSame(comparing, route, outcome, answer, context, factsOf(scene))
  const isPending = deed.operation === 'changeEmail' && !isAtOnce(scene)
  if ((outcome.kind === 'success' && !isPending) || (outcome.kind === 'failure' && outcome.failure.code === 'TWO_FACTOR_REQUIRED'))
    deed.learn(
      { graphql: { ...harvestGraphql(outcome), ...added.graphql }, rest: { ...harvestRest(answer), ...added.rest } },
      passwordsOf(scene, password),
    )
  play.figures.outcome(outcome.kind === 'success' ? 'success' : outcome.failure.code)
  await finishLevelling(scene, outcome)
}

/** Ids are named before bodies are compared, so the databases are read first, levelled where a line says how. */
const compareLevelled = async (scene: Scene, outcome: Outcome, answer: Answer): Promise<Added> => {
  const line = levelledBy(scene)
  const isLevelled = line !== undefined && outcome.kind === 'success' && answer.status < 300
  if (isLevelled) scene.play.figures.bites(line)
  const added = isLevelled ? await level(scene, line, outcome.result) : {}
  await compare(scene)
  return added
}

const compare = async ({ play, from }: Scene): Promise<void> => {
  await compareTables(play.watching)
  play.cast.resetTokens.push(...compareMails(play.watching, from.requestId))
  play.figures.comparison()
}

const finishLevelling = async (scene: Scene, outcome: Outcome): Promise<void> => {
  // No code of the step that a confirmation spent is of use any more.
  if (outcome.kind === 'success' && levelledBy(scene) === 'twoFactorAtOnce') advance(61_000)
}

const BEFORE_INPUT: readonly string[] = ['UNAUTHENTICATED', 'FORBIDDEN', 'REAUTHENTICATION_REQUIRED', 'TWO_FACTOR_ENROLLMENT_REQUIRED']

/** Both worlds answered alike; what GraphQL said. */
const alike = ({ comparing }: Scene, outcomes: Both<Outcome>): Outcome => {
  const plain = both((side) =>
    JSON.stringify(outcomes[side], (key, value) => (/token|loginCode|secret|url|qr|codes/i.test(key) ? 'told' : value)),
  )
  const names = both((side) => [...comparing.labels[side]].reduce((text, [id, name]) => text.replaceAll(id, name), plain[side]))
  expect(names.rest).toBe(names.graphql)
  return outcomes.graphql
}

/** A dialect that refuses what GraphQL takes: both worlds are refused by the dialect, then both go on through GraphQL. */
const playRefused = async (scene: Scene, because: 'asksForMore' | 'stricterInput'): Promise<void> => {
  const { deed, play, route, comparing, context } = scene
  const ask = async () => await bothAsync(async (side) => await throughDialect(scene, side))
  const answers =
    because === 'stricterInput' && deed.token.rest === undefined ? await leavingNothing(scene, ['rest', 'graphql'], ask) : await ask()
  const outcomes = await bothAsync(async (side) => await throughGraphql(scene, side))
  await compare(scene)
  const outcome = alike(scene, outcomes)
  for (const side of ['graphql', 'rest'] as const) {
    if (outcome.kind === 'failure' && BEFORE_INPUT.includes(outcome.failure.code))
      expectFailure(comparing, route, outcome.failure, answers[side], context)
    else if (because === 'asksForMore')
      expectFailure(comparing, route, { code: 'FORBIDDEN', message: '', fieldErrors: [] }, answers[side], context)
    else expectInvalidField(scene, answers[side])
  }
  play.figures.bites(because)
  if (outcome.kind === 'success')
    deed.learn(
      both((side) => harvestGraphql(outcomes[side])),
      passwordsOf(scene),
    )
}

/** The row's own schema refuses the one field that was tried, and no other. */
const expectInvalidField = ({ deed, route, context }: Scene, answer: Answer): void => {
  const { door, place } = route
  const { json, params } = door.send(deed.inputs.rest)
  const results = [place.row.parts.params?.safeParse(params), place.row.parts.body?.safeParse(json)]
  const errors = results.flatMap((result) => (result?.success === false ? fieldErrorsOf(result.error) : []))
  expect(errors.map(({ field }) => field)).toEqual([deed.step.field])
  const { status, body } = place.mount.errors.invalid(errors, context)
  expect({ status: answer.status, body: answer.body }).toEqual({ status, body })
}

/** A dialect that takes an older proof: GraphQL refuses in both worlds, the dialect goes on in both. */
const playByOlderProof = async (scene: Scene): Promise<void> => {
  const { deed, play } = scene
  const outcomes = await bothAsync(async (side) => await throughGraphql(scene, side))
  const refused = alike(scene, outcomes)
  expect(refused).toMatchObject({ kind: 'failure', failure: { code: 'REAUTHENTICATION_REQUIRED' } })
  const answers = await asBegun(scene, async () => await bothAsync(async (side) => await throughDialect(scene, side)))
  await compare(scene)
  expect(answers.rest.status).toBe(answers.graphql.status)
  expect(answers.rest.status, 'an older proof is enough').not.toBe(401)
  play.figures.bites('stepUp')
  if (answers.rest.status === 200)
    deed.learn(
      both((side) => harvestRest(answers[side])),
      passwordsOf(scene),
    )
}

const playOnce = async (play: Play, step: Step, number: string): Promise<void> => {
  const from = play.from(number, step.network)
  await makeRoom(play, step)
  const deed = deedOf(step, play.cast, `${play.run}${number}`.replaceAll('-', 'x'))
  const scene = await sceneOf(play, deed, from)
  if (asksForMore(scene, deed.person === play.cast.root)) await playRefused(scene, 'asksForMore')
  else if (takesOlderProof(scene, await ageOf(scene))) await playByOlderProof(scene)
  else if (asksMoreOfField(scene)) await playRefused(scene, 'stricterInput')
  else await playApart(scene)
  play.figures.step(step)
}

/** Plays a step as often as it says. */
export async function playStep(play: Play, step: Step, number: number): Promise<void> {
  advance(step.pause * 1_000)
  for (let time = 0; time < step.times; time += 1) {
    if (time > 0) advance(1_000)
    await playOnce(play, step, `${number}-${time}`)
  }
}

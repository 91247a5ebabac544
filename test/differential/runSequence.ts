/**
 * Runs a sequence from its first step to its end, with people and client addresses of its own, so that sequences share their worlds but
 * nothing else than the administrator.
 */
import { advance } from '../support/clock.ts'
import { assemble, type Person, signUp } from './accounts.ts'
import type { Run } from './attempt.ts'
import { BEGINNING, compareMails, compareTables, watch } from './compare.ts'
import type { Counts } from './counts.ts'
import { allLines, type Lines } from './exceptions.ts'
import { viaGraphql } from './graphqlCalls.ts'
import { bothAsync, type From, instant, type Pair } from './pair.ts'
import { runStep } from './runStep.ts'
import { asksForRights, type Sequence } from './steps.ts'

let runs = 0

/** Two networks of its own for each run, and one in which its people came to be. */
const addressOf = (runName: number, network: 0 | 1 | 2): string => `${10 + network}.${Math.floor(runName / 250) % 250}.${runName % 250}.1`

/** The first account of both worlds, which is an administrator. */
export async function firstAdministrator(pair: Pair): Promise<Person> {
  const root = await signUp(pair, { address: '9.9.9.9', requestId: 'root' }, 'root')
  for (const [id, side] of [
    [root.id.graphql, 'graphql'],
    [root.id.rest, 'rest'],
  ] as const)
    pair.known[side].set(id, 'root')
  advance(1_000)
  return root
}

/** Which password counts at the end is shown by a sign-in of everybody. */
const signEverybodyIn = async ({ pair, accounts, watching, runName }: Run): Promise<void> => {
  for (const [place, { email, username, password }] of accounts.people.entries()) {
    advance(1_000)
    const from: From = { address: `13.${place}.0.1`, requestId: `${runName}-end${place}` }
    const outcomes = await bothAsync(
      async (side) => await viaGraphql(pair, side, from, 'signIn', { identifier: email ?? username, password: password[side] }),
    )
    const results = [outcomes.graphql, outcomes.rest].map((outcome) => (outcome.kind === 'success' ? 'success' : outcome.failure.code))
    if (results[0] !== results[1]) throw new Error(`${email ?? username} signs in at the end: ${results.join(', ')}`)
  }
  await compareTables(watching)
}

export async function runSequence(pair: Pair, root: Person, sequence: Sequence, counts: Counts, lines: Lines = allLines): Promise<void> {
  runs += 1
  const number = runs
  const runName = `${number}`
  // No counter of an earlier sequence is left.
  advance(1_000)
  const since = instant()
  const from = (request: string, network: 0 | 1 | 2 = 2): From => ({
    address: addressOf(number, network),
    requestId: `${runName}-${request}`,
  })
  const watching = await watch(pair, lines, root, since)
  const accounts = await assemble(pair, root, from, `s${runName}x`, {
    staff: sequence.steps.some(asksForRights),
    factor: sequence.hasFactor,
  })
  compareMails(watching, `${runName}-root`)
  const run: Run = { pair, watching, accounts, runName, counts, from }
  for (const [place, step] of sequence.steps.entries()) await runStep(run, step, place)
  await signEverybodyIn(run)
  counts.sequence()
}

/** Both databases whole, from their first row on. */
export async function finalLook(pair: Pair, root: Person): Promise<void> {
  await compareTables(await watch(pair, allLines, root, BEGINNING))
}

/**
 * Plays a sequence from its first step to its end, with people and client addresses of its own, so that sequences share their worlds but
 * nothing else than the administrator.
 */
import { advance } from '../support/clock.ts'
import { assemble, type Person, signUp } from './cast.ts'
import { BEGINNING, compareMails, compareTables, watch } from './compare.ts'
import { allLines, type Lines } from './exceptions.ts'
import type { Figures } from './figures.ts'
import { viaGraphql } from './graphqlDoor.ts'
import { bothAsync, type From, instant, type Pair } from './pair.ts'
import { playStep } from './play.ts'
import type { Play } from './scene.ts'
import { asksForRights, type Sequence } from './steps.ts'

let played = 0

/** Two networks of its own for each run, and one in which its people came to be. */
const addressOf = (run: number, network: 0 | 1 | 2): string => `${10 + network}.${Math.floor(run / 250) % 250}.${run % 250}.1`

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
const signEverybodyIn = async ({ pair, cast, watching, run }: Play): Promise<void> => {
  for (const [place, { email, username, password }] of cast.people.entries()) {
    advance(1_000)
    const from: From = { address: `13.${place}.0.1`, requestId: `${run}-end${place}` }
    const outcomes = await bothAsync(
      async (side) => await viaGraphql(pair, side, from, 'signIn', { identifier: email ?? username, password: password[side] }),
    )
    const told = [outcomes.graphql, outcomes.rest].map((outcome) => (outcome.kind === 'success' ? 'success' : outcome.failure.code))
    if (told[0] !== told[1]) throw new Error(`${email ?? username} signs in at the end: ${told.join(', ')}`)
  }
  await compareTables(watching)
}

export async function playSequence(pair: Pair, root: Person, sequence: Sequence, figures: Figures, lines: Lines = allLines): Promise<void> {
  played += 1
  const number = played
  const run = `${number}`
  // No counter of an earlier sequence is left.
  advance(1_000)
  const since = instant()
  const from = (request: string, network: 0 | 1 | 2 = 2): From => ({ address: addressOf(number, network), requestId: `${run}-${request}` })
  const watching = await watch(pair, lines, root, since)
  const cast = await assemble(pair, root, from, `s${run}x`, { staff: sequence.steps.some(asksForRights), factor: sequence.hasFactor })
  compareMails(watching, `${run}-root`)
  const play: Play = { pair, watching, cast, run, figures, from }
  for (const [place, step] of sequence.steps.entries()) await playStep(play, step, place)
  await signEverybodyIn(play)
  figures.sequence()
}

/** Both databases whole, from their first row on. */
export async function finalLook(pair: Pair, root: Person): Promise<void> {
  await compareTables(await watch(pair, allLines, root, BEGINNING))
}

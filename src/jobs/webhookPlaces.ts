/**
 * How many attempts run at once in this process, and whose turn it is. Receivers that fail or are slow share places of their own, one for each of
 * them, so that they never take those of receivers that answer.
 */

/** Attempts at once, for receivers that answer and for the others. */
const PLACES = { quick: 12, slow: 4 } as const
/** Of one receiver. */
const OF_ONE = { quick: 4, slow: 1 } as const
/** A receiver that takes longer is slow, in ms. */
const SLOW = 1_000
/** Webhooks that are remembered; beyond that the memory begins anew. */
const MOST_KNOWN = 5_000

type Kind = keyof typeof PLACES

/** Null: there is no such webhook any more. */
export type AttemptOutcome = { readonly accepted: boolean; readonly ms: number } | null

export interface Places {
  /** How many more attempts a webhook may have now. */
  room(webhookId: string): number
  /** Takes a place; call what it returns at the end of the attempt. */
  take(webhookId: string): (outcome: AttemptOutcome) => void
  /** Those that have waited longest first. */
  inTurn(webhookIds: readonly string[]): string[]
}

export function createPlaces(): Places {
  const taken = { quick: 0, slow: 0 }
  const running = new Map<string, number>()
  const slow = new Set<string>()
  const turns = new Map<string, number>()
  let turn = 0
  const kindOf = (id: string): Kind => (slow.has(id) ? 'slow' : 'quick')
  const learn = (id: string, outcome: AttemptOutcome): void => {
    if (outcome === null || (outcome.accepted && outcome.ms <= SLOW)) slow.delete(id)
    else slow.add(id)
    if (slow.size > MOST_KNOWN) slow.clear()
  }
  return {
    room(id) {
      const kind = kindOf(id)
      return Math.max(0, Math.min(OF_ONE[kind] - (running.get(id) ?? 0), PLACES[kind] - taken[kind]))
    },
    take(id) {
      const kind = kindOf(id)
      taken[kind] += 1
      running.set(id, (running.get(id) ?? 0) + 1)
      turn += 1
      if (turns.size > MOST_KNOWN) turns.clear()
      turns.set(id, turn)
      return (outcome) => {
        taken[kind] -= 1
        const left = (running.get(id) ?? 1) - 1
        if (left === 0) running.delete(id)
        else running.set(id, left)
        learn(id, outcome)
      }
    },
    inTurn: (ids) => [...ids].sort((one, other) => (turns.get(one) ?? 0) - (turns.get(other) ?? 0)),
  }
}

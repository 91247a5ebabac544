/**
 * How far a replica is behind, from what both servers say of their write-ahead log: once the replica has replayed what the primary had
 * written at a time, it shows everything that was committed until then. It needs no clock of a server and no right to see statistics, and it
 * also grows where the replica does not know that it is behind, since its connection to the primary broke.
 */

/** Positions of the log are as PostgreSQL writes them: `16/B374D848`. */
export const positionOf = (text: string): bigint => {
  const [high = '', low = ''] = text.split('/')
  return (BigInt(`0x${high}`) << 32n) | BigInt(`0x${low}`)
}

/** Of a replica that is this far behind, only the oldest positions are waited for. */
const MOST = 600

export interface Freshness {
  /** The primary had written this much at a time or later, in ms as `performance.now()` counts. */
  written(position: bigint, at: number): void
  /** The replica has replayed this much. */
  replayed(position: bigint): void
  /** The primary is another server: what the one before had written is not waited for. */
  reset(): void
  /** The replica shows everything until this time. */
  shownUntil(): number
}

export function createFreshness(): Freshness {
  let samples: { readonly position: bigint; readonly at: number }[] = []
  let until = Number.NEGATIVE_INFINITY
  return {
    written(position, at) {
      if (samples.at(-1)?.position === position) samples.pop()
      if (samples.length < MOST) samples.push({ position, at })
    },
    replayed(position) {
      const reached = samples.filter((sample) => sample.position <= position)
      until = Math.max(until, ...reached.map(({ at }) => at))
      samples = samples.filter((sample) => sample.position > position || sample === reached.at(-1))
    },
    reset() {
      samples = []
    },
    shownUntil: () => until,
  }
}

/** What a command prints: JSON for programs or text for people on standard output, remarks and progress on standard error. */
import type { ClientSide } from './clientSide.ts'
import type { Output } from './command.ts'

/** At most this many of the calls of `progress` reach the terminal, one per so many ms. */
const PROGRESS_EVERY = 100

const ended = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`)

/** Numbers of the database may be larger than JSON's. */
const plain = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value)

export function createOutput(side: ClientSide, json: boolean): Output & { end(): void } {
  let shownAt = Number.NEGATIVE_INFINITY
  const end = (): void => {
    if (shownAt !== Number.NEGATIVE_INFINITY) side.progress(null)
    shownAt = Number.NEGATIVE_INFINITY
  }
  return {
    json,
    async result(value, text) {
      end()
      await side.print('out', json ? `${JSON.stringify(value, plain, 2)}\n` : ended(text))
    },
    record: async (value, text) => await side.print('out', json ? `${JSON.stringify(value, plain)}\n` : ended(text)),
    note: async (text) => await side.print('err', ended(text)),
    progress(state) {
      const now = performance.now()
      if (json || (now - shownAt < PROGRESS_EVERY && state.done !== state.of)) return
      shownAt = now
      side.progress(state)
    },
    end,
  }
}

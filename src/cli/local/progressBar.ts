/** How far a command is: a bar on a terminal, otherwise a line every few seconds, if it takes that long. On standard error. */
import type { Progress } from '../command.ts'
import { grouped } from '../wording.ts'

const LINE_EVERY = 5_000
const WIDTH = 30

const countText = ({ what, done, of }: Progress): string =>
  of === undefined || of === 0
    ? `${grouped(done)} ${what}`
    : `${grouped(done)} of ${grouped(of)} ${what} (${Math.floor((done / of) * 100)} %)`

const barText = (state: Progress): string => {
  if (state.of === undefined || state.of === 0) return countText(state)
  const full = Math.min(WIDTH, Math.round((state.done / state.of) * WIDTH))
  return `[${'#'.repeat(full)}${'.'.repeat(WIDTH - full)}] ${countText(state)}`
}

/** @param now in ms */
export function createProgressBar(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'>, now = () => performance.now()) {
  let shown = false
  let last = now()
  let hasLines = false
  const clear = (): void => {
    if (shown) stream.write('\r\u001b[K')
    shown = false
  }
  return {
    clear,
    show(state: Progress): void {
      if (stream.isTTY) {
        // One column less than there are: a full line would wrap.
        stream.write(`\r\u001b[K${barText(state).slice(0, Math.max(10, (stream.columns ?? 80) - 1))}`)
        shown = true
      } else if (now() - last >= LINE_EVERY || (hasLines && state.done === state.of)) {
        last = now()
        hasLines = true
        stream.write(`${countText(state)}\n`)
      }
    },
  }
}

/**
 * Writes lines to a stream that may be slow, full or closed. Nothing waits for a line: at most LIMIT bytes are kept for a slow reader;
 * further lines, and lines while the stream fails, are dropped and counted, and the number is written when the stream accepts lines again.
 *
 * The lines of one turn of the event loop are written in one piece at its end: a write costs more than a line. A pipe or a socket takes what
 * fits at once and the rest later; a file takes everything at once.
 */
import type { Writable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'

const LIMIT = 1024 * 1024
const FLUSH_MS = 1_000

export interface LogStream {
  write(line: string): void
  /** Resolves when every line is out or dropped, or after a second. */
  flush(): Promise<void>
}

export function createLogStream(stream: Writable, tellDropped: (count: number) => void): LogStream {
  let dropped = 0
  let lines: string[] = []
  let length = 0
  const writtenOf =
    (count: number) =>
    (error?: Error | null): void => {
      if (error != null) dropped += count
      else if (dropped > 0 && stream.writableLength < LIMIT / 2) {
        const reported = dropped
        dropped = 0
        tellDropped(reported)
      }
    }
  const writeOut = (): void => {
    if (lines.length === 0) return
    const [text, written] = [lines.join(''), writtenOf(lines.length)]
    lines = []
    length = 0
    stream.write(text, written)
  }
  return {
    write(line) {
      if (stream.writableLength + length + line.length > LIMIT) {
        dropped += 1
        return
      }
      if (lines.length === 0) setImmediate(writeOut)
      lines.push(line)
      length += line.length
    },
    async flush() {
      writeOut()
      if (stream.writableLength === 0) return
      const out = new Promise<void>((resolve) => void stream.write('', () => resolve()))
      await Promise.race([out, delay(FLUSH_MS)])
    },
  }
}

/**
 * Writes lines to a stream that may be slow, full or closed. Nothing waits for a line: at most LIMIT bytes are kept for a slow reader;
 * further lines, and lines while the stream fails, are dropped and counted, and the number is written when the stream accepts lines again.
 *
 * A pipe or a socket takes what fits at once and the rest later; a file takes a line at once.
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
  const written = (error?: Error | null): void => {
    if (error != null) dropped += 1
    else if (dropped > 0 && stream.writableLength < LIMIT / 2) {
      const count = dropped
      dropped = 0
      tellDropped(count)
    }
  }
  return {
    write(line) {
      if (stream.writableLength + line.length > LIMIT) dropped += 1
      else stream.write(line, written)
    },
    async flush() {
      if (stream.writableLength === 0) return
      const out = new Promise<void>((resolve) => void stream.write('', () => resolve()))
      await Promise.race([out, delay(FLUSH_MS)])
    },
  }
}

/** A log that discards everything, for tools that print their own messages. */
import type { Log } from '../domain/base/ports.ts'

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

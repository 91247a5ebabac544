/** A log for tools, which speak for themselves. */
import type { Log } from '../domain/ports.ts'

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** A log for tools, which speak for themselves. */
import type { Log } from '../domain/base/ports.ts'

export const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

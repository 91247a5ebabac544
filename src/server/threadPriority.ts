/**
 * Gives the threads that compute password hashes a lower priority than the one that answers requests, so that sign-ins do not keep
 * requests waiting on a machine whose cores are all busy. They get what the others leave, which changes nothing for sign-ins as long as
 * nothing else wants the cores.
 */
import { readdir } from 'node:fs/promises'
import { setPriority } from 'node:os'
import type { Log } from '../domain/base/ports.ts'

/** Measured: with 10, reads beside sign-ins take a third of the time at the 99th percentile; with 5, half (docs/sign-in.md). */
const NICE = 10
const THREADS = '/proc/self/task'

/**
 * Only Linux has priorities of threads: there, `setPriority` takes the id of a thread (setpriority(2), "C library/kernel differences").
 * All threads but the first get it: those of libuv, which compute hashes, and the helpers of V8. Threads that begin later do not.
 */
export async function lowerHashThreads(log: Pick<Log, 'debug'>): Promise<void> {
  if (process.platform !== 'linux') return
  try {
    for (const thread of await readdir(THREADS)) if (Number(thread) !== process.pid) setPriority(Number(thread), NICE)
  } catch (error) {
    log.debug({ err: error }, 'the priority of the threads for hashes could not be changed')
  }
}

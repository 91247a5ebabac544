/** A set of running tasks, and a way to wait until one of them ends or something else happens. */
import { setTimeout as sleep } from 'node:timers/promises'

export interface UnderWay {
  size(): number
  /** Adds a task until it ends; its end wakes the waiter. */
  add(task: Promise<void>): void
  /** Wakes the waiter, if there is one. */
  notify(): void
  /** Resolves at the next wake-up, or after this many milliseconds. */
  news(milliseconds: number): Promise<void>
  /** Resolves when all tasks have ended, or after this many milliseconds. */
  end(milliseconds: number): Promise<void>
}

export function createUnderWay(): UnderWay {
  const tasks = new Set<Promise<void>>()
  let hear = (): void => undefined
  const within = async (milliseconds: number, event: Promise<unknown>, ref: boolean) => {
    const patience = new AbortController()
    await Promise.race([event, sleep(milliseconds, undefined, { signal: patience.signal, ref }).catch(() => undefined)])
    patience.abort()
  }
  return {
    size: () => tasks.size,
    add(task) {
      const counted = task.finally(() => {
        tasks.delete(counted)
        hear()
      })
      tasks.add(counted)
    },
    notify: () => hear(),
    news: async (milliseconds) => {
      const notified = new Promise<void>((resolve) => {
        hear = resolve
      })
      await within(milliseconds, notified, false)
    },
    end: async (milliseconds) => await within(milliseconds, Promise.all(tasks), true),
  }
}

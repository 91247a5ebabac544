/**
 * Tasks that go on side by side, and a place to wait until one of them, or somebody outside, says that there is news.
 */
import { setTimeout as sleep } from 'node:timers/promises'

export interface UnderWay {
  size(): number
  /** Counts a task until it ends; its end is news. */
  add(task: Promise<void>): void
  /** Tells who waits that there is news; nobody may. */
  tell(): void
  /** Resolves with the next news, or after so many milliseconds. */
  news(milliseconds: number): Promise<void>
  /** Resolves when all tasks have ended, or after so many milliseconds. */
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
    tell: () => hear(),
    news: async (milliseconds) => {
      const told = new Promise<void>((resolve) => {
        hear = resolve
      })
      await within(milliseconds, told, false)
    },
    end: async (milliseconds) => await within(milliseconds, Promise.all(tasks), true),
  }
}

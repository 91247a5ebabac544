/** The worker processes of a program, by their numbers, as the command lines of its children have them; Linux only. */
import { readdirSync, readFileSync } from 'node:fs'

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

const parentOf = (pid: string): number =>
  Number(
    read(`/proc/${pid}/stat`)
      .replace(/^.*\) \S /s, '')
      .split(' ')[0],
  )

/** The process ids, by worker. */
export const workersOf = (primary: number): ReadonlyMap<number, number> =>
  new Map(
    readdirSync('/proc')
      .filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === primary)
      .flatMap((pid) => {
        const number = /\0--worker\0(\d+)/.exec(read(`/proc/${pid}/cmdline`))?.[1]
        return number === undefined ? [] : [[Number(number), Number(pid)] as const]
      }),
  )

/** Whether a process runs; a dead one that nobody waited for does not. */
export const runs = (pid: number): boolean => /^\d+ \(.*\) [^ZX]/s.test(read(`/proc/${pid}/stat`))

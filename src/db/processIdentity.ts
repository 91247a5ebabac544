/**
 * Identifies this process, in a form that another process can check later. A process id is not enough: ids are reused after a
 * crash, and mean nothing in another container or after a reboot. On Linux, the start time, the boot id and the id namespace are
 * added; elsewhere host name and id must do.
 */
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly pid: number
  /** Where the id is valid. */
  readonly place: string
  /** When it started, in ticks since the boot; absent if unknown. */
  readonly started?: string
}

const attempt = (read: () => string | undefined): string | undefined => {
  try {
    return read()
  } catch {
    return undefined
  }
}

/** Field 22 of /proc/<pid>/stat, counted after the process name, which may contain anything. */
const startOf = (pid: number): string | undefined =>
  attempt(() => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  })

const thisPlace = (): string =>
  attempt(() => `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()} ${readlinkSync('/proc/self/ns/pid')}`) ?? hostname()

export function ownIdentity(): ProcessIdentity {
  const started = startOf(process.pid)
  return { pid: process.pid, place: thisPlace(), ...(started !== undefined && { started }) }
}

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Whether that process still runs; undefined if that cannot be determined from here. */
export function isRunning({ pid, place, started }: ProcessIdentity): boolean | undefined {
  if (place !== thisPlace()) return undefined
  return exists(pid) && (started === undefined || started === startOf(pid))
}

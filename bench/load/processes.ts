/** CPU and memory of processes, from /proc of Linux; undefined elsewhere. */
import { readdirSync, readFileSync } from 'node:fs'

/** Clock ticks of /proc, which every Linux platform of Node has at 100 a second. */
const TICK_MS = 10

interface Stat {
  readonly parent: number
  readonly name: string
  /** Milliseconds, also of children that have ended. */
  readonly own: number
  readonly ended: number
}

/** proc(5): the fields after the name, which may hold spaces. */
const statOf = (pid: number | string): Stat | undefined => {
  try {
    const [, name = '', rest = ''] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? []
    const fields = rest.split(' ').map(Number)
    const ticks = (...indexes: number[]) => indexes.reduce((sum, index) => sum + (fields[index] ?? 0), 0) * TICK_MS
    return { parent: fields[1] ?? 0, name, own: ticks(11, 12), ended: ticks(13, 14) }
  } catch {
    return undefined
  }
}

/** Milliseconds of CPU that a process has used, with all its threads. */
export const cpuOf = (pid: number): number | undefined => statOf(pid)?.own

/** The same of a process and its children, those that have ended included. */
export const cpuOfFamily = (pid: number): number | undefined => {
  const head = statOf(pid)
  if (head === undefined) return undefined
  const children = readdirSync('/proc').flatMap((entry) => (/^\d+$/.test(entry) ? [statOf(entry)] : []))
  return children.reduce((sum, child) => sum + (child?.parent === pid ? child.own : 0), head.own + head.ended)
}

/** The server of a PostgreSQL backend on this machine: undefined if the server is on another, or in a container. */
export const postmasterOf = (backend: number): number | undefined => {
  const stat = statOf(backend)
  return stat?.name.startsWith('postgres') === true ? stat.parent : undefined
}

/** Resident memory in MiB. */
export const memoryOf = (pid: number): number | undefined => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
  } catch {
    return undefined
  }
}

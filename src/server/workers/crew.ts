/** The worker processes of a primary: starts one, tells them to stop, ends them. */
import cluster, { type Worker } from 'node:cluster'
import type { Snapshot } from '../metrics/metrics.ts'
import type { Ready } from '../ready.ts'
import { type FromWorker, type ToWorker, WorkerRefusal } from './messages.ts'
import { argumentsOf, type WorkerRole } from './role.ts'
import { closeUntaken } from './untaken.ts'

/** How a worker ended. */
export interface WorkerEnd {
  readonly number: number
  readonly pid: number | undefined
  readonly code: number | null
  readonly signal: string | null
  /** Why it did not start, if it said so. */
  readonly reason: string | undefined
  /** With 0, or by a signal that came before it heeded signals. */
  readonly isWell: boolean
  /** For how many ms it served. */
  readonly served: number
}

export interface Crew {
  /** Starts a worker. Rejects with a `WorkerRefusal` if it ends before it serves. */
  start(role: WorkerRole): Promise<Ready>
  /** Has all of them stop as if the signal had come. Resolves when all have ended, with whether each did so with 0. */
  stop(signal: NodeJS.Signals): Promise<boolean>
  /** Ends all of them at once. */
  kill(): void
}

interface CrewParts {
  /** The program of a worker, and the settings in its environment. */
  readonly exec: string
  readonly env: Readonly<Record<string, string>>
  onEnd(end: WorkerEnd): void
  onMetrics(worker: number, snapshot: Snapshot): void
}

/** How long the last message of a worker is waited for after its exit. */
const LAST_MESSAGE_MS = 1_000

const howOf = ({ code, signal }: Pick<WorkerEnd, 'code' | 'signal'>): string => (signal === null ? `exit code ${code}` : signal)

export function createCrew({ exec, env, onEnd, onMetrics }: CrewParts): Crew {
  const alive = new Set<Worker>()
  const ends = new Set<() => void>()
  let allWell = true
  let order: ToWorker | undefined

  const give = (worker: Worker): void => {
    if (order !== undefined && worker.isConnected()) worker.send(order, () => undefined)
  }

  const fork = (role: WorkerRole): Worker => {
    cluster.setupPrimary({ exec, args: argumentsOf(role), execArgv: [...process.execArgv, '--enable-source-maps'] })
    const worker = cluster.fork(env)
    closeUntaken(worker.process)
    alive.add(worker)
    return worker
  }

  const start: Crew['start'] = (role) =>
    new Promise((resolve, reject) => {
      const { number } = role
      let worker: Worker
      try {
        worker = fork(role)
      } catch (error) {
        const reason = `vestibule: worker ${number} could not be started: ${(error as Error).message}\n`
        reject(new WorkerRefusal(reason))
        return onEnd({ number, pid: undefined, code: null, signal: null, reason, isWell: false, served: 0 })
      }
      let servingSince: number | undefined
      let reason: string | undefined
      worker.on('message', (message: FromWorker) => {
        // An order that came before this is lost.
        if ('heeds' in message) give(worker)
        else if ('refused' in message) reason = message.refused
        else if ('metrics' in message) onMetrics(number, message.metrics)
        else if ('ready' in message) {
          servingSince = performance.now()
          resolve(message.ready)
        }
      })
      const ended = (code: number | null, signal: string | null): void => {
        if (!alive.delete(worker)) return
        const isWell = code === 0 || (servingSince === undefined && (signal === 'SIGINT' || signal === 'SIGTERM'))
        allWell &&= isWell
        const served = servingSince === undefined ? 0 : performance.now() - servingSince
        reject(new WorkerRefusal(reason ?? `vestibule: worker ${number} ended while it started: ${howOf({ code, signal })}\n`))
        onEnd({ number, pid: worker.process.pid, code, signal, reason, isWell, served })
        for (const look of ends) look()
      }
      // Its last message may be read after its exit, but before the end of its channel.
      worker.once('exit', (code, signal) => {
        if (!worker.isConnected()) return ended(code, signal)
        setTimeout(() => ended(code, signal), LAST_MESSAGE_MS)
        worker.once('disconnect', () => ended(code, signal))
      })
      worker.on('error', (error) => {
        // The process could not be made; no exit follows.
        if (worker.process.pid !== undefined) return
        reason = `vestibule: worker ${number} could not be started: ${error.message}\n`
        ended(null, null)
      })
    })

  const allEnded = (): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (alive.size === 0) resolve()
      }
      ends.add(look)
      look()
    })

  return {
    start,
    async stop(signal) {
      allWell = true
      order = { stop: signal }
      for (const worker of alive) give(worker)
      await allEnded()
      return allWell
    },
    kill() {
      for (const worker of alive) worker.process.kill('SIGKILL')
    },
  }
}

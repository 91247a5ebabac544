/**
 * The program as `npm start` runs it, in a process and a directory of its own: no `.env` and no setting of the person who
 * runs the tests reaches it. Every program that a test leaves behind is killed by `killAll`.
 */
import { type ChildProcess, type StdioPipe, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'

export const START = fileURLToPath(new URL('../../src/tools/start.mjs', import.meta.url))
const SYSTEM = ['PATH', 'HOME', 'TMPDIR', 'SYSTEMROOT']

export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

export interface Program {
  readonly out: () => string
  readonly errors: () => string
  readonly pid: number
  readonly exit: Promise<Exit>
  /** Reads its standard output no more, or closes it. */
  readonly stopReading: () => void
  readonly closeOutput: () => void
  /** Resolves with the base URL, which the log's line `ready` names; rejects when the program ends before. */
  ready(): Promise<string>
  signal(name: NodeJS.Signals): void
}

interface LogLine {
  readonly level: string
  readonly msg: string
  readonly url?: string
  readonly [field: string]: unknown
}

/** What was logged, but for a last line that is not whole yet. */
export const logLines = (out: string): LogLine[] =>
  out
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)

const running = new Set<ChildProcess>()

const collect = (stream: NodeJS.ReadableStream): (() => string) => {
  let text = ''
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
  })
  return () => text
}

/** `stdout` is where the program writes to, for a test that does not read it; then `out` stays empty. */
export function startProgram(cwd: string, env: Readonly<Record<string, string>> = {}, stdout: StdioPipe | number = 'pipe'): Program {
  const system = Object.fromEntries(SYSTEM.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])))
  const child = spawn(process.execPath, [START], {
    cwd,
    env: { ...system, PORT: '0', ...env },
    stdio: ['ignore', stdout, 'pipe'],
  }) as ChildProcess & {
    readonly stderr: Readable
  }
  running.add(child)
  const { stdout: lines } = child
  const out = lines === null ? () => '' : collect(lines)
  const errors = collect(child.stderr)
  const exit = new Promise<Exit>((resolve) =>
    child.once('close', (code, signal) => {
      running.delete(child)
      resolve({ code, signal })
    }),
  )
  const url = () => logLines(out()).find(({ msg }) => msg === 'ready')?.url
  const ready = () =>
    new Promise<string>((resolve, reject) => {
      const look = (): void => {
        const found = url()
        if (found !== undefined) resolve(found)
      }
      lines?.on('data', look)
      void exit.then((how) => reject(new Error(`the program ended before it was ready: ${JSON.stringify(how)} ${errors()}`)))
      look()
    })
  return {
    out,
    errors,
    pid: child.pid ?? 0,
    exit,
    stopReading: () => void lines?.pause(),
    closeOutput: () => void lines?.destroy(),
    ready,
    signal: (name) => {
      child.kill(name)
    },
  }
}

export async function killAll(): Promise<void> {
  const gone = [...running].map((child) => new Promise((resolve) => child.once('close', resolve)))
  for (const child of running) child.kill('SIGKILL')
  await Promise.all(gone)
}

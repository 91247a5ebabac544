/**
 * What a benchmark measures: the built program, as `npm start` runs it, or another server, in a process of its own. The program
 * works in its DATA_DIR, so that no `.env` and no setting of the person who runs it reaches it.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Program {
  readonly url: string
  readonly pid: number
  stop(): Promise<void>
}

const READY = /"url":"(http:[^"]+)".*"msg":"ready"}\n/

/** Waits for the line that says that a server is ready; what it writes later is read and dropped. @throws if it ends before that */
const untilReady = (child: ChildProcess, ended: Promise<unknown>): Promise<string> =>
  new Promise((resolve, reject) => {
    let said = ''
    const listen = (chunk: Buffer): void => {
      said += chunk
      const [, url] = READY.exec(said) ?? []
      if (url === undefined) return
      child.stdout?.off('data', listen).resume()
      resolve(url)
    }
    child.stdout?.on('data', listen)
    void ended.then(() => reject(new Error(`the program ended before it was ready: ${said}`)))
  })

/** Starts a server that writes its URL, as a line of JSON with `"url"` and `"msg":"ready"`. Its environment is `env` alone. */
export async function startServer(file: string, cwd: string, env: Readonly<Record<string, string | undefined>>): Promise<Program> {
  const child = spawn(process.execPath, [file], { cwd, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const kill = (): void => void child.kill()
  const leave = (): void => process.exit(1)
  process.once('exit', kill).once('SIGINT', leave).once('SIGTERM', leave)
  const url = await untilReady(child, ended)
  return {
    url,
    pid: child.pid ?? 0,
    async stop() {
      child.kill('SIGTERM')
      await ended
      process.off('exit', kill).off('SIGINT', leave).off('SIGTERM', leave)
    },
  }
}

/** Starts the program with `settings` alone. @throws if it ends before it is ready */
export const startProgram = (root: string, settings: Readonly<Record<string, string>>): Promise<Program> => {
  const directory = settings.DATA_DIR ?? root
  return startServer(join(root, 'src/tools/start.mjs'), directory, { HOME: directory, PORT: '0', ...settings })
}

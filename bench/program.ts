/**
 * The built program, as `npm start` runs it, in a process of its own: what a benchmark measures. It works in its DATA_DIR,
 * so that no `.env` and no setting of the person who runs it reaches it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

export interface Program {
  readonly url: string
  stop(): Promise<void>
}

/** Starts the program with `settings` alone. @throws if it ends before it is ready */
export async function startProgram(root: string, settings: Readonly<Record<string, string>>): Promise<Program> {
  const directory = settings.DATA_DIR
  const env = { PATH: process.env.PATH, HOME: directory, PORT: '0', ...settings }
  const child = spawn(process.execPath, [join(root, 'src/tools/start.mjs')], { cwd: directory, env, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  process.once('exit', () => child.kill())
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk
      const [, found] = /"url":"(http:[^"]+)".*"msg":"ready"}\n/.exec(said) ?? []
      if (found !== undefined) resolve(found)
    })
    void ended.then(() => reject(new Error(`the program ended before it was ready: ${said}`)))
  })
  return {
    url,
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}

/** Asks the running server, which has the embedded database open, for the checks of its database. */
import type { Socket } from 'node:net'
import * as z from 'zod'
import type { ClientSide } from '../clientSide.ts'
import { FileError, WrongUse } from '../exitCodes.ts'
import { runRemotely } from '../socket/runRemotely.ts'
import type { Check } from './check.ts'

const schema = z.array(
  z.object({ name: z.string(), status: z.enum(['ok', 'warning', 'failed']), found: z.string(), remedy: z.string().optional() }),
)

const refuse = async (): Promise<never> => {
  throw new WrongUse('there is nobody to ask')
}

/** Collects what is printed, and has no terminal and no files. */
const collecting = (printed: string[]): ClientSide => ({
  print: async (_to, text) => void printed.push(text),
  progress: () => undefined,
  confirm: refuse,
  askSecret: refuse,
  // biome-ignore lint/correctness/useYield: there are no files
  async *readFile() {
    throw new FileError('there are no files')
  },
  fileSize: refuse,
  writeFile: refuse,
})

/** @throws if the server does not say it */
export async function askServer(socket: Socket, signal: AbortSignal): Promise<readonly Check[]> {
  const printed: string[] = []
  const code = await runRemotely(socket, { side: collecting(printed), signal, words: ['doctor-database', '--json'], environmentWords: [] })
  if (code !== 0) throw new Error(`the running server did not answer: ${printed.join('').trim()}`)
  return schema.parse(JSON.parse(printed.join(''))) as readonly Check[]
}

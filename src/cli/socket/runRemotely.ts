/** In the process of the terminal: has the running server run a command line, and does what that needs of the person. */
import { connect as open, type Socket } from 'node:net'
import { StartupError } from '../../db/startupError.ts'
import { machineFault } from '../../server/machineFault.ts'
import type { ClientSide } from '../clientSide.ts'
import { type ExitCode, exitCodes } from '../exitCodes.ts'
import { createCallAnswerer } from './calls.ts'
import { PROTOCOL, send, takeFrames, toClient } from './frames.ts'
import { socketPlace } from './socketPath.ts'

/** No server listens. */
const NOBODY: readonly string[] = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR']

const openSocket = (name: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = open(name)
    socket.once('connect', () => resolve(socket)).once('error', reject)
  })

/** @returns undefined if no server listens in the data directory. @throws {StartupError} if it does, but may not be asked */
export const connectToServer = async (dataDir: string): Promise<Socket | undefined> => {
  try {
    const place = await socketPlace(dataDir)
    try {
      return place.name === undefined ? undefined : await openSocket(place.name)
    } finally {
      await place.close()
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (NOBODY.includes(code)) return undefined
    throw new StartupError(
      `The server that uses ${dataDir} cannot be reached: ${machineFault(error) ?? code}. Run this as the user of the server`,
    )
  }
}

interface Terminal {
  readonly side: ClientSide
  readonly signal: AbortSignal
  /** The command line: the files that the server may ask for. */
  readonly words: readonly string[]
  /** What else the server is sent: the options that come from the environment here. */
  readonly environmentWords: readonly string[]
}

/** Resolves when the server has said how the command ended, or is gone. */
export async function runRemotely(socket: Socket, { side, signal, words, environmentWords }: Terminal): Promise<ExitCode> {
  const answerer = createCallAnswerer(side, words)
  const interrupt = (): void => send(socket, { type: 'abort' })
  let code: ExitCode | undefined
  const ended = new Promise<void>((resolve) => {
    socket.once('close', () => resolve()).on('error', () => undefined)
    takeFrames(socket, toClient, (frame) => {
      if (frame.type === 'call') void answerer.answer(frame.id, frame.name, frame.args).then((answer) => send(socket, answer))
      else if (frame.type === 'progress') side.progress(frame.state)
      else {
        code = frame.code as ExitCode
        socket.end()
      }
    })
  })
  signal.addEventListener('abort', interrupt)
  send(socket, { type: 'run', protocol: PROTOCOL, words: [...words, ...environmentWords] })
  await ended
  signal.removeEventListener('abort', interrupt)
  await answerer.end()
  if (code !== undefined) return code
  side.progress(null)
  await side.print('err', 'vestibule: the server went away, or takes no more commands now; what it had done by then is done\n')
  return exitCodes.failed
}

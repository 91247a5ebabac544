/**
 * In the server: takes commands over a socket in DATA_DIR, since the embedded database can be opened by one process only. Who may use it: the
 * user of the server and root, by the mode of the socket. At most MOST_COMMANDS run at once.
 */
import { chmod, rename, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { reasonOf } from '../../db/startupError.ts'
import { send, takeFrames, toServer } from './frames.ts'
import { createRemoteSide } from './remoteSide.ts'
import type { ServerParts } from './serverParts.ts'
import { socketPlace } from './socketPath.ts'

export interface CommandServer {
  /** Interrupts the commands that run, and waits a little for their end. */
  close(): Promise<void>
}

const MOST_COMMANDS = 8
/** For the first frame, and for the end after the last one, in ms. */
const PATIENCE = 2_000
/** At the end of the server, for what a command still has to say, in ms. */
const LAST_WORDS = 500
/** At the end of the server, for the commands that run, in ms. */
const LAST_WAIT = 5_000

/** One connection is one command. @returns when it has ended */
const answerOne = async (socket: Socket, parts: ServerParts, signal: AbortSignal): Promise<void> => {
  const side = createRemoteSide(socket)
  const left = new AbortController()
  const ends = AbortSignal.any([signal, left.signal])
  // At the end of the server nobody waits for a person, and for the terminal not for long.
  const leaveSoon = (): void => {
    side.leaveQuestions()
    setTimeout(side.leave, LAST_WORDS).unref()
  }
  signal.addEventListener('abort', leaveSoon)
  const late = setTimeout(() => socket.destroy(), PATIENCE)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => undefined))
  let running: Promise<void> | undefined
  const run = async (protocol: number, words: readonly string[]): Promise<void> => {
    // What only commands need is loaded with the first of them.
    const { runHere } = await import('./runHere.ts')
    const code = await runHere({ ...parts, side, signal: ends }, protocol, words)
    send(socket, { type: 'exit', code })
    socket.end()
    setTimeout(() => socket.destroy(), PATIENCE).unref()
  }
  takeFrames(socket, toServer, (frame) => {
    if (frame.type === 'abort') left.abort()
    else if (frame.type !== 'run') side.take(frame)
    else if (running !== undefined) throw new Error('one connection is one command')
    else {
      clearTimeout(late)
      running = run(frame.protocol, frame.words).catch((error: unknown) => {
        parts.log.error({ err: error }, 'a command could not be run')
        socket.destroy()
      })
    }
  })
  await closed
  clearTimeout(late)
  left.abort()
  signal.removeEventListener('abort', leaveSoon)
  side.leave()
  await running
}

const listenOn = (server: Server, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const before = process.umask(0o177)
    server.once('error', reject).listen(name, () => resolve())
    // The socket was made by then, for its owner alone.
    process.umask(before)
  })

/** A new name that then takes the old one's place: a socket that a killed server left is replaced, and none appears that others may use. */
const listenInPlace = async (server: Server, dataDir: string): Promise<string | undefined> => {
  const place = await socketPlace(dataDir, 'commands.sock')
  await place.close()
  const fresh = await socketPlace(dataDir, 'commands.new')
  try {
    if (fresh.name === undefined) return undefined
    await rm(fresh.file, { force: true })
    await listenOn(server, fresh.name)
    await chmod(fresh.file, 0o600)
    await rename(fresh.file, join(dirname(fresh.file), 'commands.sock'))
    return place.file
  } finally {
    await fresh.close()
  }
}

/** Never throws: a server that cannot take commands serves all the same, and says so. */
export async function answerCommands(parts: ServerParts): Promise<CommandServer> {
  const { dataDir, log } = parts
  const ending = new AbortController()
  const open = new Set<Promise<void>>()
  const server = createServer((socket) => {
    const one: Promise<void> = answerOne(socket, parts, ending.signal).finally(() => open.delete(one))
    open.add(one)
  })
  server.maxConnections = MOST_COMMANDS
  const file = await listenInPlace(server, dataDir).catch((error: unknown) => {
    log.warn({ reason: reasonOf(error) }, 'no socket for commands could be made in DATA_DIR: stop the server to run commands')
    return undefined
  })
  server.unref()
  return {
    async close() {
      ending.abort()
      server.close()
      if (file !== undefined) await rm(file, { force: true })
      const patience = new Promise((resolve) => setTimeout(resolve, LAST_WAIT).unref())
      await Promise.race([Promise.all(open), patience])
    },
  }
}

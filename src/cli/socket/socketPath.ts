/**
 * Where the socket of a server is: `commands.sock` in DATA_DIR. The name of a socket has at most 103 bytes (107 on Linux); a longer one goes
 * through the open directory, where the system has /proc.
 */
import { existsSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'

const LONGEST = 103

export interface SocketPlace {
  /** What files are made by. */
  readonly file: string
  /** What the system is given; undefined if there is no name that is short enough. */
  readonly name: string | undefined
  /** What keeps the name valid. */
  close(): Promise<void>
}

/** @param file of the socket. @throws as the system does if its directory cannot be opened */
const throughDirectory = async (directory: string, file: string, base: string): Promise<SocketPlace> => {
  if (!existsSync('/proc/self/fd')) return { file, name: undefined, close: async () => undefined }
  const handle: FileHandle = await open(directory, 'r')
  return { file, name: `/proc/self/fd/${handle.fd}/${base}`, close: async () => await handle.close() }
}

export const socketPlace = async (dataDir: string, base = 'commands.sock'): Promise<SocketPlace> => {
  const file = join(dataDir, base)
  if (Buffer.byteLength(file) <= LONGEST) return { file, name: file, close: async () => undefined }
  return await throughDirectory(dataDir, file, base)
}

/** Files of the person who runs a command. A new file appears in its place only when it is whole. */
import { constants, createReadStream, existsSync } from 'node:fs'
import { access, link, open, rename, rm, stat } from 'node:fs/promises'
import type { FileOptions, FileWriter } from '../command.ts'
import { FileError, fileError } from '../exitCodes.ts'
import { printTo } from './streams.ts'

/** The largest part that is read at once. */
export const PART_BYTES = 65_536

export async function* readFile(path: string): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: PART_BYTES })
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      for (let start = 0; start < chunk.byteLength; start += PART_BYTES) yield chunk.subarray(start, start + PART_BYTES)
    }
  } catch (error) {
    throw fileError(path, error)
  } finally {
    stream.destroy()
  }
}

export const fileSize = async (path: string): Promise<number | undefined> => {
  if (path === '-') return undefined
  try {
    const found = await stat(path)
    if (found.isDirectory()) throw new FileError(`${path}: it is a directory`)
    await access(path, constants.R_OK)
    return found.isFile() ? found.size : undefined
  } catch (error) {
    throw fileError(path, error)
  }
}

const toStandardOutput: FileWriter = {
  async write(bytes) {
    await printTo(process.stdout, bytes)
    // A long export need not go on after `| head`.
    if (process.stdout.destroyed) throw new FileError('-: nobody reads standard output any more')
  },
  close: async () => undefined,
  discard: async () => undefined,
}

/** @throws {FileError} if there is such a file, unless it may be replaced */
const putInPlace = async (part: string, path: string, replace: boolean): Promise<void> => {
  if (replace) return await rename(part, path)
  // Unlike a rename, a link never replaces a file.
  await link(part, path)
  await rm(part)
}

export const writeFile = async (path: string, { mode, replace = false }: FileOptions): Promise<FileWriter> => {
  if (path === '-') return toStandardOutput
  if (!replace && existsSync(path)) throw new FileError(`${path}: there is such a file already`)
  const part = `${path}.${process.pid}.part`
  const failed = (error: unknown): never => {
    throw fileError(path, error)
  }
  const file = await open(part, 'wx', mode).catch(failed)
  let state: 'open' | 'done' = 'open'
  const discard = async (): Promise<void> => {
    if (state === 'done') return
    state = 'done'
    await file.close().catch(() => undefined)
    await rm(part, { force: true }).catch(() => undefined)
  }
  const orDiscard = async (work: Promise<unknown>): Promise<void> => {
    try {
      await work
    } catch (error) {
      await discard()
      failed(error)
    }
  }
  return {
    write: async (bytes) => await orDiscard(file.writeFile(bytes)),
    async close() {
      // The mode does not depend on the umask.
      await orDiscard(file.chmod(mode).then(() => file.sync()))
      await orDiscard(putInPlace(part, path, replace))
      state = 'done'
      await file.close().catch(() => undefined)
    },
    discard,
  }
}

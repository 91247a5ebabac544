/**
 * In the process of the terminal: what the server asks for is done here. The server may run as another user, so of files only those are
 * opened that the command line names, and made only those whose name is one that it names, or that with an ending. None that it names is replaced.
 */
import type { ClientSide } from '../clientSide.ts'
import type { FileWriter } from '../command.ts'
import { FileError, Interrupted, WrongUse } from '../exitCodes.ts'
import { type CallArgs, type CallName, calls, type ToServer } from './frames.ts'

/** More are a mistake of the server. */
const MOST_FILES = 16

/** The words, and what stands behind `=` in them. */
const namesIn = (words: readonly string[]): readonly string[] => words.flatMap((word) => [word, word.replace(/^--?[\w-]+=/, '')])

const mayRead = (names: readonly string[], path: string): boolean => names.includes(path)
const mayMake = (names: readonly string[], path: string): boolean =>
  names.some((name) => /[^/]$/.test(name) && path.startsWith(name) && /^(\.[\w.-]+)?$/.test(path.slice(name.length)))
const mayReplace = (names: readonly string[], path: string): boolean => mayMake(names, path) && !names.includes(path)

const kindOf = (error: unknown): Extract<ToServer, { type: 'refusal' }>['kind'] => {
  if (error instanceof FileError) return 'file'
  if (error instanceof WrongUse) return 'wrongUse'
  return error instanceof Interrupted ? 'interrupted' : 'other'
}

type Doing = { readonly [Name in CallName]: (args: CallArgs<Name>) => Promise<unknown> }

const without = <T>(table: Map<number, T>, handle: number): T => {
  const found = table.get(handle)
  if (found === undefined) throw new FileError('the server asked for a file that is not open')
  return found
}

const createDoing = (side: ClientSide, words: readonly string[]): { readonly doing: Doing; end(): Promise<void> } => {
  const names = namesIn(words)
  const reading = new Map<number, AsyncIterator<Uint8Array>>()
  const writing = new Map<number, FileWriter>()
  let last = 0
  const take = (): number => {
    if (reading.size + writing.size >= MOST_FILES) throw new FileError('the server asked for too many files')
    last += 1
    return last
  }
  const requireNamed = (may: typeof mayRead, path: string): void => {
    if (!may(names, path)) throw new FileError(`${path}: the server asked for a file that the command line does not name`)
  }
  const leave = async (handle: number, end: 'close' | 'discard'): Promise<void> => {
    const file = without(writing, handle)
    writing.delete(handle)
    await file[end]()
  }
  const doing: Doing = {
    print: async ({ to, text }) => await side.print(to, text),
    confirm: async ({ question }) => await side.confirm(question),
    askSecret: async ({ question }) => await side.askSecret(question),
    async size({ path }) {
      requireNamed(mayRead, path)
      return (await side.fileSize(path)) ?? null
    },
    async open({ path }) {
      requireNamed(mayRead, path)
      const handle = take()
      reading.set(handle, side.readFile(path)[Symbol.asyncIterator]())
      return handle
    },
    async pull({ handle }) {
      const next = await without(reading, handle).next()
      return next.done === true ? null : Buffer.from(next.value).toString('base64')
    },
    async shut({ handle }) {
      await without(reading, handle).return?.()
      reading.delete(handle)
    },
    async create({ path, mode, replace }) {
      requireNamed(replace ? mayReplace : mayMake, path)
      const handle = take()
      writing.set(handle, await side.writeFile(path, { mode, replace }))
      return handle
    },
    write: async ({ handle, data }) => await without(writing, handle).write(Buffer.from(data, 'base64')),
    close: async ({ handle }) => await leave(handle, 'close'),
    discard: async ({ handle }) => await leave(handle, 'discard'),
  }
  return {
    doing,
    async end() {
      for (const file of writing.values()) await file.discard()
      for (const file of reading.values()) await file.return?.()
    },
  }
}

export interface CallAnswerer {
  answer(id: number, name: CallName, args: unknown): Promise<ToServer>
  /** Removes files that are not whole. */
  end(): Promise<void>
}

/** @param words of the command line */
export function createCallAnswerer(side: ClientSide, words: readonly string[]): CallAnswerer {
  const { doing, end } = createDoing(side, words)
  const run = async <Name extends CallName>(name: Name, args: unknown): Promise<unknown> =>
    await doing[name](calls[name].parse(args) as CallArgs<Name>)
  return {
    async answer(id, name, args) {
      try {
        return { type: 'answer', id, value: (await run(name, args)) ?? null }
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error)
        return { type: 'refusal', id, kind: kindOf(error), message: message.slice(0, 4_096) }
      }
    },
    end,
  }
}

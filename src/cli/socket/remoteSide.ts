/** In the server: the terminal and the files of the person at the other end of a connection. */
import type { Socket } from 'node:net'
import type { ClientSide } from '../clientSide.ts'
import type { FileWriter } from '../command.ts'
import { FileError, Interrupted, WrongUse } from '../exitCodes.ts'
import { type CallArgs, type CallName, PART_BYTES, PART_CHARACTERS, send, type ToServer } from './frames.ts'

type Answer = Extract<ToServer, { type: 'answer' | 'refusal' }>

/** Progress that would have to wait is left out: the next one is truer. */
const MOST_WAITING = 65_536

const errorOf = (answer: Extract<ToServer, { type: 'refusal' }>): Error => {
  if (answer.kind === 'file') return new FileError(answer.message)
  if (answer.kind === 'wrongUse') return new WrongUse(answer.message)
  return answer.kind === 'interrupted' ? new Interrupted() : new FileError(`the other end of the socket failed: ${answer.message}`)
}

export interface RemoteSide extends ClientSide {
  /** @throws for an answer to what was not asked */
  take(answer: Answer): void
  /** Interrupts what waits for a person. */
  leaveQuestions(): void
  /** From now on nobody answers. */
  leave(): void
}

export function createRemoteSide(socket: Socket): RemoteSide {
  const waiting = new Map<number, { readonly name: CallName; resolve(value: unknown): void; reject(error: Error): void }>()
  let last = 0
  let gone = false

  const call = <Name extends CallName>(name: Name, args: CallArgs<Name>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (gone) {
        reject(new Interrupted())
        return
      }
      last += 1
      waiting.set(last, { name, resolve, reject })
      send(socket, { type: 'call', id: last, name, args })
    })

  const writerOf = (handle: number): FileWriter => ({
    async write(bytes) {
      for (let start = 0; start < bytes.byteLength; start += PART_BYTES)
        await call('write', { handle, data: Buffer.from(bytes.subarray(start, start + PART_BYTES)).toString('base64') })
    },
    close: async () => void (await call('close', { handle })),
    discard: async () => void (await call('discard', { handle })),
  })

  async function* readFile(path: string): AsyncGenerator<Uint8Array> {
    const handle = Number(await call('open', { path }))
    try {
      for (;;) {
        const data = await call('pull', { handle })
        if (typeof data !== 'string') return
        yield Buffer.from(data, 'base64')
      }
    } finally {
      await call('shut', { handle }).catch(() => undefined)
    }
  }

  return {
    async print(to, text) {
      for (let start = 0; start < text.length; start += PART_CHARACTERS)
        await call('print', { to, text: text.slice(start, start + PART_CHARACTERS) })
    },
    progress(state) {
      if (state === null || socket.writableLength < MOST_WAITING) send(socket, { type: 'progress', state })
    },
    confirm: async (question) => (await call('confirm', { question })) === true,
    askSecret: async (question) => String(await call('askSecret', { question })),
    readFile,
    async fileSize(path) {
      const size = await call('size', { path })
      return typeof size === 'number' ? size : undefined
    },
    writeFile: async (path, { mode, replace = false }) => writerOf(Number(await call('create', { path, mode, replace }))),
    take(answer) {
      const asked = waiting.get(answer.id)
      if (asked === undefined) throw new Error('nothing was asked')
      waiting.delete(answer.id)
      if (answer.type === 'answer') asked.resolve(answer.value)
      else asked.reject(errorOf(answer))
    },
    leaveQuestions() {
      for (const { name, reject } of waiting.values()) if (name === 'confirm' || name === 'askSecret') reject(new Interrupted())
    },
    leave() {
      gone = true
      for (const { reject } of waiting.values()) reject(new Interrupted())
      waiting.clear()
    },
  }
}

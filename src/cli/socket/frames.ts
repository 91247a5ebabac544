/**
 * What goes over the socket: one JSON document a line. The side of the person sends the command line, and then answers calls: the server asks
 * it to print, to ask and to read and write files. So whoever is asked sets the pace, and neither side collects more than one line.
 */
import type { Socket } from 'node:net'
import * as z from 'zod'

/** A frame that is longer ends the connection. */
export const LONGEST_FRAME = 262_144
/** Of a file in one frame, and of text, so that each fits. */
export const PART_BYTES = 65_536
export const PART_CHARACTERS = 16_384
/** Changes when frames change their meaning. */
export const PROTOCOL = 1

const handle = z.number().int().nonnegative()
const path = z.string().min(1).max(4_096)
const data = z.base64().max(LONGEST_FRAME)

/** What the side of the person can be asked to do. */
export const calls = {
  print: z.object({ to: z.enum(['out', 'err']), text: z.string() }),
  confirm: z.object({ question: z.string() }),
  askSecret: z.object({ question: z.string() }),
  size: z.object({ path }),
  open: z.object({ path }),
  pull: z.object({ handle }),
  shut: z.object({ handle }),
  create: z.object({ path, mode: z.number().int().min(0).max(0o777), replace: z.boolean() }),
  write: z.object({ handle, data }),
  close: z.object({ handle }),
  discard: z.object({ handle }),
} as const
export type CallName = keyof typeof calls
export type CallArgs<Name extends CallName> = z.output<(typeof calls)[Name]>

const callNames = Object.keys(calls) as [CallName, ...CallName[]]

export const toServer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run'), protocol: z.number(), words: z.array(z.string().max(32_768)).max(256) }),
  z.object({ type: z.literal('answer'), id: z.number().int(), value: z.unknown() }),
  z.object({
    type: z.literal('refusal'),
    id: z.number().int(),
    kind: z.enum(['file', 'wrongUse', 'interrupted', 'other']),
    message: z.string().max(8_192),
  }),
  z.object({ type: z.literal('abort') }),
])
export type ToServer = z.output<typeof toServer>

const progress = z.object({ what: z.string(), done: z.number(), of: z.number().optional() })

export const toClient = z.discriminatedUnion('type', [
  z.object({ type: z.literal('call'), id: z.number().int(), name: z.enum(callNames), args: z.unknown() }),
  z.object({ type: z.literal('progress'), state: progress.nullable() }),
  z.object({ type: z.literal('exit'), code: z.number().int().min(0).max(255) }),
])
export type ToClient = z.output<typeof toClient>

export const send = (socket: Socket, frame: ToServer | ToClient): void => {
  if (!socket.destroyed) socket.write(`${JSON.stringify(frame)}\n`)
}

/**
 * Calls `take` with each frame, in order. Anything else, a frame that is too long, and one for which `take` throws, ends the connection.
 * @param schema of what may come
 */
export function takeFrames<Frame>(socket: Socket, schema: z.ZodType<Frame>, take: (frame: Frame) => void): void {
  let parts: Buffer[] = []
  let length = 0
  const takeLine = (line: Buffer): void => {
    const parsed = schema.safeParse(JSON.parse(line.toString('utf8')))
    if (!parsed.success) throw new Error('not a frame')
    take(parsed.data)
  }
  const takeChunk = (chunk: Buffer): void => {
    let start = 0
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      if (length + end - start > LONGEST_FRAME) throw new Error('too long')
      takeLine(Buffer.concat([...parts, chunk.subarray(start, end)]))
      parts = []
      length = 0
      start = end + 1
    }
    if (start === chunk.length) return
    parts.push(chunk.subarray(start))
    length += chunk.length - start
    if (length > LONGEST_FRAME) throw new Error('too long')
  }
  socket.on('data', (chunk: Buffer) => {
    if (socket.destroyed) return
    try {
      takeChunk(chunk)
    } catch {
      socket.destroy()
    }
  })
}

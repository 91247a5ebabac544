/**
 * Gives the parser of each connection a small part of what was read at a time, and no more while requests of that wait (`lanes.ts`).
 *
 * Node reads up to 64 KiB at once and parses all of it. That can be 2,600 requests, which take 5 MB, so that a few hundred connections could
 * fill the memory. It parses out of JavaScript's sight, unless somebody listens to the bytes: so the listener that Node has for that case is
 * wrapped.
 *
 * Memory: the requests of one part, some 150 KB, and the rest of what was read.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

const PORTION = 2_048

/** @param isFull whether requests of a connection wait */
export function inPortions(server: Server, isFull: (socket: Socket) => boolean): void {
  /** Those that speak HTTP no more. */
  const released = new WeakSet<object>()
  server.on('connect', (_request, socket) => released.add(socket))

  /** What is left when the connection is full comes again; what is left when it is ending is dropped. */
  const handOut = (socket: Socket, bytes: Buffer, parse: (part: Buffer) => void): void => {
    for (let start = 0; start < bytes.length && socket.writable && !released.has(socket); start += PORTION) {
      if (isFull(socket) || socket.isPaused()) {
        socket.pause()
        socket.unshift(bytes.subarray(start))
        return
      }
      parse(bytes.subarray(start, start + PORTION))
    }
  }

  server.on('connection', (socket: Socket) => {
    const [parse, ...others] = socket.listeners('data') as ((bytes: Buffer) => void)[]
    if (parse === undefined || others.length > 0) return
    socket.removeListener('data', parse)
    socket.on('data', (bytes: Buffer) => handOut(socket, bytes, parse))
  })
}

/** A DNS server on this machine, with answers that a test chooses anew for each question. */
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

export interface DnsServer {
  /** For `createLookUp`. */
  readonly address: string
  /** The names that were asked for, once for each type. */
  readonly asked: string[]
  close(): Promise<void>
}

const A = 1
const AAAA = 28

const nameIn = (query: Buffer): { readonly name: string; readonly end: number } => {
  const labels: string[] = []
  let at = 12
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.'), end: at + 1 }
}

const record = (type: number, address: string): Buffer => {
  const data = Buffer.from(ipaddr.parse(address).toByteArray())
  const head = Buffer.alloc(12)
  head.writeUInt16BE(0xc00c, 0)
  head.writeUInt16BE(type, 2)
  head.writeUInt16BE(1, 4)
  head.writeUInt32BE(0, 6)
  head.writeUInt16BE(data.length, 10)
  return Buffer.concat([head, data])
}

/** @param answer the addresses of a name; undefined for a server that says nothing */
export async function startDns(answer: (name: string) => readonly string[] | undefined): Promise<DnsServer> {
  const socket = createSocket('udp4')
  const asked: string[] = []
  socket.on('message', (query, from) => {
    const { name, end } = nameIn(query)
    const type = query.readUInt16BE(end)
    asked.push(name)
    const addresses = answer(name)
    if (addresses === undefined) return
    const fit = addresses.filter((address) => isIPv4(address) === (type === A) && (type === A || type === AAAA))
    const head = Buffer.from(query.subarray(0, 12))
    head.writeUInt16BE(addresses.length === 0 ? 0x8183 : 0x8180, 2)
    head.writeUInt16BE(fit.length, 6)
    head.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([head, query.subarray(12, end + 4), ...fit.map((address) => record(type, address))]), from.port, from.address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    close: async () => await new Promise((resolve) => socket.close(() => resolve())),
  }
}

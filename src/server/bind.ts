/** Binds a server to its address and port, or explains in one line why that is not possible. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartupError } from '../db/startupError.ts'

const LAST_PRIVILEGED = 1023

/** The settings that the address came from. */
interface Names {
  readonly port: string
  readonly host: string
}

const reasonOf = (code: string, port: number, names: Names): string => {
  if (code === 'EACCES' && port <= LAST_PRIVILEGED)
    return `ports below 1024 are reserved for root; set ${names.port} to a higher one, and let a proxy listen on the low one`
  return REASONS[code]?.(names) ?? code
}

const REASONS: Readonly<Record<string, (names: Names) => string>> = {
  EADDRINUSE: ({ port }) => `the port is in use; set ${port} to another one, or stop the program that uses it`,
  EACCES: () => 'this user may not listen on that port',
  EADDRNOTAVAIL: ({ host }) => `this machine does not have that address; set ${host} to one that it has`,
  EAFNOSUPPORT: ({ host }) => `this machine does not support that kind of address; set ${host} to another one`,
  EINVAL: ({ host }) => `the server cannot listen on this address; set ${host} to another one`,
  ENOTFOUND: ({ host }) => `the host name does not exist; set ${host} to an address`,
  EAI_AGAIN: ({ host }) => `the host name cannot be looked up now; set ${host} to an address`,
}

/** Resolves with the actual port. @throws {StartupError} */
export const bind = (server: Server, host: string, port: number, names: Names = { port: 'PORT', host: 'HOST' }): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message
      reject(new StartupError(`Cannot listen on ${host} port ${port}: ${reasonOf(code, port, names)}`, { cause: error }))
    })
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port))
  })

/** Binds a server to its address and port, or explains in one line why that is not possible. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartupError } from '../db/startupError.ts'

const LAST_PRIVILEGED = 1023

const reasonOf = (code: string, port: number): string => {
  if (code === 'EACCES' && port <= LAST_PRIVILEGED)
    return 'ports below 1024 are reserved for root; set PORT to a higher one, and let a proxy listen on the low one'
  return REASONS[code] ?? code
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; set PORT to another one, or stop the program that uses it',
  EACCES: 'this user may not listen on that port',
  EADDRNOTAVAIL: 'this machine does not have that address; set HOST to one that it has',
  EAFNOSUPPORT: 'this machine does not support that kind of address; set HOST to another one',
  EINVAL: 'the server cannot listen on this address; set HOST to another one',
  ENOTFOUND: 'the host name does not exist; set HOST to an address',
  EAI_AGAIN: 'the host name cannot be looked up now; set HOST to an address',
}

/** Resolves with the actual port. @throws {StartupError} */
export const bind = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message
      reject(new StartupError(`Cannot listen on ${host} port ${port}: ${reasonOf(code, port)}`, { cause: error }))
    })
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port))
  })

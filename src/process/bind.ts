/** Takes the address and port for a server, or says in one line why they can not be had. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { StartupError } from '../db/startupError.ts'

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use; set PORT to another one',
  EACCES: 'this user may not listen on that port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host name',
}

/** Resolves with the actual port. @throws {StartupError} */
export const bind = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.message
      reject(new StartupError(`Can not listen on ${host} port ${port}: ${reasons[code] ?? code}`, { cause: error }))
    })
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port))
  })

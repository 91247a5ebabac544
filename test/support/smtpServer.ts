/**
 * A real mail server for tests, on a port of its own, that keeps what it takes. `behave` makes it misbehave: it is asked at
 * each step of each connection.
 */
import type { AddressInfo, Socket } from 'node:net'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server'

export interface Received {
  readonly mail: ParsedMail
  readonly raw: string
  readonly from: string | false
  readonly to: readonly string[]
}

export interface TestMailServer {
  readonly url: string
  readonly port: number
  readonly received: Received[]
  /** Stops listening and cuts what is open; the port stays known. */
  close(): Promise<void>
}

/** Where a server of tests may break off: when the text of a mail begins, or after it was kept and before that is said. */
type BreakOff = 'in DATA' | 'after DATA'

export interface Behaviour extends SMTPServerOptions {
  readonly port?: number
  /** Asked once for each mail. */
  readonly breaksOff?: (session: SMTPServerSession) => BreakOff | undefined
}

const socketsOf = (server: SMTPServer): Set<Socket> => {
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

export async function startMailServer({ port = 0, breaksOff, ...options }: Behaviour = {}): Promise<TestMailServer> {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const how = breaksOff?.(session)
      const cut = () => {
        for (const socket of sockets) if (socket.remotePort === session.remotePort) socket.destroy()
      }
      if (how === 'in DATA') return cut()
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', async () => {
        const raw = Buffer.concat(chunks)
        const { mailFrom, rcptTo } = session.envelope
        const from = mailFrom ? mailFrom.address : false
        received.push({ mail: await simpleParser(raw), raw: raw.toString(), from, to: rcptTo.map(({ address }) => address) })
        if (how === 'after DATA') cut()
        else done()
      })
    },
    ...options,
  })
  const sockets = socketsOf(server)
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const listening = (server.server.address() as AddressInfo).port
  return {
    url: `smtp://127.0.0.1:${listening}`,
    port: listening,
    received,
    close: async () =>
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** A port on which nobody listens. */
export async function deadPort(): Promise<number> {
  const server = await startMailServer()
  await server.close()
  return server.port
}

/**
 * Limits the memory for bodies that are being read, in bytes: in total and per client. When all of it is in use, the client that holds the
 * most gives up its oldest bodies, which have had the most time, for a client that holds less; so one client cannot take the memory of the
 * others.
 *
 * Cost: one look at the clients that hold memory, for each body that finds none.
 */
export interface Hold {
  /** Takes memory for so many more bytes. False if there is none, or if the body was given up: stop reading it. */
  take(bytes: number): boolean
  /** Returns all of it. */
  end(): void
}

export interface BodyRoom {
  /** Begins a body of a client. `lost` is called if the body is given up for another client. */
  begin(client: string, lost: () => void): Hold
}

interface Held {
  bytes: number
  isLost: boolean
  readonly lost: () => void
}

interface Client {
  bytes: number
  /** The oldest first. */
  readonly bodies: Set<Held>
}

export function createBodyRoom(inAll: number, ofOne: number): BodyRoom {
  const clients = new Map<string, Client>()
  let total = 0

  const giveBack = (name: string, client: Client, held: Held): void => {
    total -= held.bytes
    client.bytes -= held.bytes
    held.bytes = 0
    client.bodies.delete(held)
    if (client.bodies.size === 0 && clients.get(name) === client) clients.delete(name)
  }

  const giveUp = (name: string, client: Client, held: Held): void => {
    giveBack(name, client, held)
    held.isLost = true
    held.lost()
  }

  /** Makes room for a client that would then hold `own` bytes, out of what one holds that has more. Whether there is enough. */
  const makeRoom = (bytes: number, own: number): boolean => {
    while (total + bytes > inAll) {
      let most: [string, Client] | undefined
      for (const each of clients) if (each[1].bytes > (most?.[1].bytes ?? own)) most = each
      if (most === undefined) return false
      const [name, client] = most
      for (const held of client.bodies) {
        if (client.bytes <= own || total + bytes <= inAll) break
        giveUp(name, client, held)
      }
    }
    return true
  }

  const enter = (name: string): Client => {
    const client = clients.get(name) ?? { bytes: 0, bodies: new Set() }
    clients.set(name, client)
    return client
  }

  return {
    begin(name, lost) {
      const held: Held = { bytes: 0, isLost: false, lost }
      return {
        take(bytes) {
          const own = (clients.get(name)?.bytes ?? 0) + bytes
          if (held.isLost || own > ofOne || !makeRoom(bytes, own)) return false
          const client = enter(name)
          client.bodies.add(held)
          client.bytes += bytes
          held.bytes += bytes
          total += bytes
          return true
        },
        end() {
          const client = clients.get(name)
          if (client?.bodies.has(held) === true) giveBack(name, client, held)
        },
      }
    },
  }
}

/**
 * Clients by name: the User-Agent, which anybody may make up. A name has at most 200 code points, and a day tells at most 200
 * names apart in a dialect; what comes later is counted under `(other)`. Of these places a client that no account was seen
 * behind may take one of the first 100, so that who has no account cannot push out those who do.
 */
import type { Uses } from './uses.ts'

/** Names a day and dialect, and how many of them anybody may fill. */
export const CLIENTS = 200
export const UNPROVEN_CLIENTS = 100
export const NAME_LENGTH = 200

/** Without a User-Agent, and beyond the places. */
export const NONE = ''
export const OTHER = '(other)'

const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** The name of the client that sends a User-Agent: well-formed, on one line, with nothing invisible. */
export const clientOf = (userAgent: string | null): string => {
  if (userAgent === null) return NONE
  if (userAgent.length <= NAME_LENGTH && PLAIN.test(userAgent)) return userAgent
  const visible = userAgent.slice(0, 4 * NAME_LENGTH).replace(/[\p{C}\s]+/gu, ' ')
  return [...visible.trim()].slice(0, NAME_LENGTH).join('').trimEnd()
}

/** The names that have a place. */
export interface Names {
  /** What a client is counted under: its name, if it has a place or takes one now, else `(other)`. */
  nameFor(uses: Uses): string
}

export const createNames = (taken: readonly Pick<Uses, 'day' | 'dialect' | 'client'>[] = []): Names => {
  const days = new Map<string, Set<string>>()
  const namesOf = ({ day, dialect }: Pick<Uses, 'day' | 'dialect'>): Set<string> => {
    const key = `${day} ${dialect}`
    const names = days.get(key) ?? new Set()
    days.set(key, names)
    return names
  }
  const isName = (client: string) => client !== NONE && client !== OTHER
  for (const { client, ...place } of taken) if (isName(client)) namesOf(place).add(client)
  return {
    nameFor(uses) {
      const { client, proven } = uses
      const names = namesOf(uses)
      if (!isName(client) || names.has(client)) return client
      if (names.size >= (proven ? CLIENTS : UNPROVEN_CLIENTS)) return OTHER
      names.add(client)
      return client
    },
  }
}

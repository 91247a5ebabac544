/**
 * Names of clients: the User-Agent, which anybody can invent. A name has at most 200 code points, and a dialect has at most 200
 * names a day; later ones are counted as `(other)`. A client without a known account can take only one of the first 100 places, so
 * that outsiders cannot displace the clients of accounts.
 */
import type { Uses } from './uses.ts'

/** Names for a day and dialect, and how many of them outsiders may take. */
export const CLIENTS = 200
export const UNPROVEN_CLIENTS = 100
export const NAME_LENGTH = 200

/** For a client without a User-Agent, and for those without a place. */
export const NONE = ''
export const OTHER = '(other)'

const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** The name of a client by its User-Agent: well-formed, on one line, without invisible characters. */
export const clientOf = (userAgent: string | null): string => {
  if (userAgent === null) return NONE
  if (userAgent.length <= NAME_LENGTH && PLAIN.test(userAgent)) return userAgent
  const visible = userAgent.slice(0, 4 * NAME_LENGTH).replace(/[\p{C}\s]+/gu, ' ')
  return [...visible.trim()].slice(0, NAME_LENGTH).join('').trimEnd()
}

/** The names that have a place. */
export interface Names {
  /** The name that a client is counted under: its own, if it has a place or takes one now, else `(other)`. */
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

/**
 * The three forms of a person's name: full, first and last, or only a username. The last change wins, and the other forms follow it
 * (contract, section 1).
 */
import { identifierKey } from './identifiers.ts'

export interface Names {
  readonly name: string
  /** The text that a search compares with. */
  readonly nameKey: string
  readonly firstName: string
  readonly lastName: string | null
}

const named = (name: string): Pick<Names, 'name' | 'nameKey'> => ({ name, nameKey: identifierKey(name) })

/** The first word, and the rest. */
export const fromFullName = (name: string): Names => {
  const [first = name, ...rest] = name.split(/\s+/u)
  return { ...named(name), firstName: first, lastName: rest.length > 0 ? rest.join(' ') : null }
}

export const fromParts = (firstName: string, lastName: string | null): Names => ({
  ...named(lastName === null ? firstName : `${firstName} ${lastName}`),
  firstName,
  lastName,
})

export const fromUsername = (username: string): Names => ({ ...named(username), firstName: username, lastName: null })

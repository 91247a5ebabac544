/**
 * The comparison after each step: everything that is in both databases, and every mail that was sent, exceptions applied. At the end of a
 * run the whole of both databases is compared once more, with nothing left out.
 */
import { expect } from 'vitest'
import type { Mail } from '../../src/domain/base/ports.ts'
import type { Surface } from '../../src/domain/base/surfaces.ts'
import type { Person } from './accounts.ts'
import { canonical } from './canonical.ts'
import { nameIds, readTables, type Tables, tablesOf } from './dump.ts'
import type { Lines } from './exceptions.ts'
import { type Both, both, bothAsync, type Pair, SIDES, type Side } from './pair.ts'

/** What mails call the surfaces. */
const surfaceNames: Readonly<Record<Surface, string>> = {
  graphql: 'GraphQL',
  idiot: 'iDIoT backend API',
  wekan: 'Wekan REST API',
  xiot: 'Users API',
  authentication: 'Authentication API',
  custom: 'REST API',
  cli: 'Vestibule',
}

export const BEGINNING = '2000-01-01T00:00:00.000Z'

export interface Watch {
  readonly pair: Pair
  readonly lines: Lines
  readonly root: Person
  readonly since: string
  readonly tables: readonly string[]
  /** How many mails of each world were compared. */
  readonly mails: Record<Side, number>
}

export async function watch(pair: Pair, lines: Lines, root: Person, since: string): Promise<Watch> {
  const tables = await tablesOf(pair.worlds.rest)
  return { pair, lines, root, since, tables, mails: { ...both((side) => pair.worlds[side].mails.length) } }
}

export const read = async ({ pair, tables, since, root }: Watch, side: Side): Promise<Tables> =>
  await readTables(pair.worlds[side], tables, since, root.id[side])

/** Both databases are the same. */
export async function compareTables(watching: Watch): Promise<void> {
  const { pair, lines } = watching
  const found = await bothAsync(async (side) => await read(watching, side))
  for (const side of SIDES) nameIds(found[side], pair.known[side])
  const compared = both((side) => canonical(found[side], { pair, side, lines }))
  expect(compared.rest, 'what is left behind').toEqual(compared.graphql)
}

const plainText = (text: string, surfaces: readonly string[]): string =>
  surfaces
    .reduce((left, name) => left.replaceAll(name, 'this surface'), text)
    .replace(/#token=[\w-]+/g, '#token')
    .replace(/\b\d{6}\b/g, 'code')

/** The mails that were not compared yet, in an order of their own. */
const newMails = ({ pair, lines, mails }: Watch, side: Side, requestId: string): Mail[] => {
  const asked = lines.has('surface') ? (pair.asked[side].get(requestId) ?? []) : []
  const names = asked.map(({ surface }) => surfaceNames[surface])
  const sent = pair.worlds[side].mails.slice(mails[side])
  return sent
    .map(({ to, subject, text }) => ({ to, subject, text: plainText(text, names) }))
    .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1))
}

export interface SentReset {
  readonly token: Both<string>
  readonly email: string
}

const resetsOf = ({ pair, mails }: Watch): SentReset[] => {
  const links = both((side) =>
    pair.worlds[side].mails.slice(mails[side]).flatMap(({ to, text }) => {
      const [, token] = /reset-password#token=([\w-]+)/.exec(text) ?? []
      return token === undefined ? [] : [{ token, to }]
    }),
  )
  return links.rest.map(({ token, to }, place) => ({ email: to, token: { graphql: links.graphql[place]?.token ?? '', rest: token } }))
}

/**
 * The same mails went out. For an address that moved by two ways, the mail to the new one differs, and there is one.
 * @returns the links to reset a password
 */
export function compareMails(watching: Watch, requestId: string): SentReset[] {
  const { pair, lines, mails } = watching
  const isMoved = pair.requests.get(requestId) === 'emailAtOnce' && lines.has('emailAtOnce')
  const sent = both((side) => newMails(watching, side, requestId))
  // Only what counted at once can be undone.
  const undoable = new Set(sent.rest.filter(({ text }) => text.includes('/undo-change#token')).map(({ to, subject }) => `${to} ${subject}`))
  const compared = both((side) =>
    sent[side].map((mail) => {
      if (undoable.has(`${mail.to} ${mail.subject}`)) return { to: mail.to, subject: mail.subject }
      return isMoved && /#token/.test(mail.text) ? { to: mail.to } : mail
    }),
  )
  const sorted = both((side) => compared[side].map((mail) => JSON.stringify(mail)).sort())
  expect(sorted.rest, 'mails').toEqual(sorted.graphql)
  const resets = resetsOf(watching)
  for (const side of SIDES) mails[side] = pair.worlds[side].mails.length
  return resets
}

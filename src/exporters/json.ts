/** Accounts in our own form (docs/moving/form.md), as `import json` reads them: for another Vestibule, or any program. */
import type { GivenAccount } from '../domain/moving/accountRecord.ts'
import type { ReturningAccount, ReturningSession } from '../domain/moving/goingBack/returning.ts'
import { jsonLinesOf } from '../importers/sources/jsonLines.ts'
import { type Exporter, given, type Json, objectOf, type Returned } from './exporter.ts'

type GivenSession = NonNullable<GivenAccount['sessions']>[number]

const SURFACES: readonly string[] = ['wekan', 'idiot', 'xiot', 'authentication', 'graphql'] satisfies GivenSession['surface'][]

const RECOVERY_CODES = 'recovery codes, of which there are only hashes'
const OTHER_SESSIONS = 'a session of a dialect of your own'

const sessionOf = ({ tokenHash, surface, createdAt, expiresAt, lastSeenAt, clientAddress, userAgent }: ReturningSession): Json =>
  given({
    ...{ tokenHash, surface, createdAt, expiresAt, lastSeenAt },
    ...{ clientAddress: clientAddress ?? undefined, userAgent: userAgent ?? undefined },
  })

const totpOf = ({ totp }: ReturningAccount): Json | undefined =>
  totp === null ? undefined : { ...totp, algorithm: totp.algorithm.toUpperCase() }

/** The parts, if the name is nothing else; an import makes the rest of what it is given. */
const namesOf = ({ name, firstName, lastName }: ReturningAccount): Json =>
  name === [firstName, lastName ?? ''].join(' ').trim() ? given({ firstName, lastName: lastName ?? undefined }) : { name }

const documentOf = (account: ReturningAccount, over: Json | null): Returned => {
  const sessions = account.sessions.filter(({ surface }) => SURFACES.includes(surface))
  const document = given({
    otherEmails: over?.otherEmails,
    id: account.id,
    username: account.username,
    email: account.email ?? undefined,
    emailVerified: account.emailVerifiedAt ?? false,
    ...namesOf(account),
    phone: account.phone ?? undefined,
    bio: account.bio ?? undefined,
    locale: account.locale,
    isAdmin: account.isAdmin,
    disabled: account.disabled,
    scopes: account.scopes,
    passwordHash: account.passwordHash ?? undefined,
    mustChangePassword: account.mustChangePassword,
    totp: totpOf(account),
    sessions: sessions.length === 0 ? undefined : sessions.map(sessionOf),
    createdAt: account.createdAt,
    updatedAt: account.updatedAt,
  })
  const notes = [...(account.totp === null ? [] : [RECOVERY_CODES]), ...(sessions.length < account.sessions.length ? [OTHER_SESSIONS] : [])]
  return { document, notes }
}

export const json: Exporter = {
  name: 'json',
  summary: "in Vestibule's own form, by `import json`",
  takesAll: true,
  withoutSecrets: ({ passwordHash, totp, sessions, ...document }) => document,
  documents: jsonLinesOf,
  idOf(document) {
    const { id } = objectOf(document)
    return typeof id === 'string' ? id : null
  },
  documentOf,
  frame: ['', '\n', '\n'],
}

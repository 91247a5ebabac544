/**
 * Looks at what a request leaves in the audit log. `events` runs one and compares what was written since, whole; `did` and
 * `failed` are what is expected. Every secret that was sent or answered on the way is remembered, and may stand in no event.
 */
import { expect } from 'vitest'
import type { AuditEventType } from '../../src/domain/auditLog/events.ts'
import { mutationOf } from '../graphql/ask.ts'
import type { Answer, Send, World } from './world.ts'

export interface Expected {
  readonly type: AuditEventType
  readonly outcome: 'success' | 'failure'
  readonly userId: string | null
  readonly actorId: string | null
  readonly details: object
}

/** Something that went well, done by the account that it is about, or by `by`. */
export const did = (type: AuditEventType, userId: string | null, details: object = {}, by: string | null = userId): Expected => ({
  type,
  outcome: 'success',
  userId,
  actorId: by,
  details,
})

/** Something that was refused, to somebody without a session, or to `by`. */
export const failed = (type: AuditEventType, userId: string | null, details: object, by: string | null = null): Expected => ({
  type,
  outcome: 'failure',
  userId,
  actorId: by,
  details,
})

export const signedIn = (userId: string, twoFactor = false): Expected =>
  did('session.signed_in', userId, { sessionId: expect.stringMatching(/^[\w-]{36}$/), twoFactor, newDevice: expect.any(Boolean) })

const SECRET = /password|token$|^code$|secret|loginCode|recoveryCodes|otpauthUrl|qrCode|^access$|^refresh$|confirm/i
const ERROR_CODE = /^[A-Z][A-Z_]+$/
const USER_AGENT = 'Audit/1.0'

/** All texts that stand under a key that tells of a secret. */
const secretsIn = (value: unknown, key = '', secret = false): string[] => {
  const here = secret || SECRET.test(key)
  if (typeof value === 'string') return here && value.length >= 6 && !ERROR_CODE.test(value) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((item) => secretsIn(item, key, here))
  return typeof value === 'object' && value !== null ? Object.entries(value).flatMap(([name, item]) => secretsIn(item, name, here)) : []
}

export interface AuditWatch {
  /** Runs a request of a surface; what it leaves must be `expected`, in this order and nothing else. */
  events(surface: string, send: () => Promise<Answer>, expected: (answer: Answer) => readonly Expected[]): Promise<Answer>
  /** Sends to a route; remembers the secrets on both ways. */
  rest(method: string, path: string, json?: unknown, token?: string): Promise<Answer>
  /** Runs a mutation of GraphQL, alike. */
  graphql(name: string, input?: object, token?: string): Promise<Answer>
  /** Whatever was sent or answered that must not be kept. */
  readonly secrets: ReadonlySet<string>
  /** The types that were written so far, and the codes of the failures. */
  readonly types: ReadonlySet<string>
  readonly codes: ReadonlySet<string>
}

export const watchAudit = (world: () => World): AuditWatch => {
  const [secrets, types, codes] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const newest = async () => (await world().db.client.auditEvent.findFirst({ orderBy: { seq: 'desc' } }))?.seq ?? 0n
  const request = async (method: string, path: string, send: Send): Promise<Answer> => {
    const answer = await world().request(method, path, { ...send, headers: { 'user-agent': USER_AGENT } })
    for (const text of [...secretsIn(send.json), ...secretsIn(answer.body)]) secrets.add(text)
    const inQuery = new URLSearchParams(path.split('?')[1]).get('token')
    for (const token of [send.token, inQuery]) if (token != null) secrets.add(token)
    return answer
  }
  return {
    secrets,
    types,
    codes,
    rest: async (method, path, json, token) => await request(method, path, { json, token }),
    async graphql(name, input, token) {
      return await request('POST', '/graphql', { json: { query: mutationOf(name, input), variables: { input } }, token })
    },
    async events(surface, send, expected) {
      const [before, from] = [await newest(), Date.now()]
      const answer = await send()
      const rows = await world().db.client.auditEvent.findMany({ where: { seq: { gt: before } }, orderBy: { seq: 'asc' } })
      const common = { surface, clientAddress: '127.0.0.1', userAgent: USER_AGENT, requestId: answer.headers.get('x-request-id') }
      expect(rows.map(({ seq: _, at: __, ...row }) => row)).toEqual(expected(answer).map((event) => ({ ...event, ...common })))
      for (const { at, type, details } of rows) {
        expect(at.getTime()).toBeGreaterThanOrEqual(from)
        expect(at.getTime()).toBeLessThanOrEqual(Date.now())
        types.add(type)
        codes.add(String((details as { code?: unknown }).code))
      }
      return answer
    },
  }
}

/** What stands in the log and should not: every secret that was seen, and everything that is kept as a hash or encrypted. */
export const secretsInLog = async ({ db: { client } }: World, seen: ReadonlySet<string>): Promise<string[]> => {
  const kept = [
    ...(await client.user.findMany()).flatMap((user) => [user.passwordHash, user.twoFactorSecret, user.twoFactorPending]),
    ...(await client.opaqueToken.findMany()).map(({ hash }) => hash),
    ...(await client.loginCode.findMany()).map(({ hash }) => hash),
    ...(await client.mailToken.findMany()).map(({ hash }) => hash),
    ...(await client.recoveryCode.findMany()).map(({ hash }) => hash),
    ...(await client.signingKey.findMany()).map(({ privateJwk }) => privateJwk),
  ].filter((hash) => hash !== null)
  const rows = (await client.auditEvent.findMany()).map(({ seq: _, ...row }) => JSON.stringify(row))
  const holds = (row: string, secret: string) =>
    /^\d{6}$/.test(secret) ? new RegExp(`(?<![\\w.-])${secret}(?![\\w-])`).test(row) : row.includes(secret)
  return [...seen, ...kept].filter((secret) => rows.some((row) => holds(row, secret)))
}

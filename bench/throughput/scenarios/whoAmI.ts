/** Who am I: the cheapest request that needs its caller, on each surface and with each kind of token. */
import { cycle, type Request } from '../../load/traffic.ts'
import type { Scenario, Subject } from '../measure.ts'
import { emailOf } from '../people.ts'
import type { Server, Servers } from '../servers.ts'
import type { Bearer, Tokens } from '../tokens.ts'

/** What every answer holds. */
const EMAIL = emailOf(0).slice(0, 8)
const GRAPHQL: Request = { method: 'POST', path: '/graphql', body: { query: '{ me { id name email } }' } }

/** A request with the token of each account in turn. */
const subject = (name: string, server: Server, request: Request, tokens: () => Promise<readonly Bearer[]>): Subject => ({
  name,
  server,
  traffic: async () =>
    cycle(
      (await tokens()).map((bearer) => ({ ...request, ...bearer })),
      EMAIL,
    ),
})

export const limitReads = (server: Server, { limit }: Tokens): Subject =>
  subject(server.name, server, { method: 'GET', path: '/me' }, limit)
export const ourReads = ({ ours }: Servers, { opaque }: Tokens): Subject =>
  subject('GET /api/user (opaque)', ours, { method: 'GET', path: '/api/user' }, opaque)

export const betterAuthReads = (server: Server, { betterAuth }: Tokens): Subject =>
  subject(server.name, server, { method: 'GET', path: '/api/auth/get-session' }, betterAuth)

export const whoAmI = (servers: Servers, tokens: Tokens): Scenario => {
  const { ours, limit, pipelined, yoga, betterAuth } = servers
  return {
    name: 'Who am I (user)',
    subjects: [
      limitReads(limit, tokens),
      limitReads(pipelined, tokens),
      { name: yoga.name, server: yoga, traffic: async () => cycle([GRAPHQL], EMAIL) },
      ourReads(servers, tokens),
      subject('GET /v1/profile (JWT)', ours, { method: 'GET', path: '/v1/profile' }, tokens.v1),
      subject('POST /auth (JWT)', ours, { method: 'POST', path: '/auth', body: {} }, tokens.authentication),
      subject('GraphQL me (opaque)', ours, GRAPHQL, tokens.opaque),
      subject('GraphQL me (JWT)', ours, GRAPHQL, tokens.authentication),
      ...(betterAuth === undefined ? [] : [betterAuthReads(betterAuth, tokens)]),
    ],
  }
}

/** Pages of 100 accounts, as an administrator reads them: ten different ones in turn. */
import { cycle, type Request } from '../../load/traffic.ts'
import { askAll } from '../askAll.ts'
import type { Scenario, Subject } from '../measure.ts'
import { emailOf } from '../people.ts'
import type { Server, Servers } from '../servers.ts'
import type { Bearer, Tokens } from '../tokens.ts'

const EMAIL = emailOf(0).slice(0, 8)
const OFFSETS = [0, 100, 200, 300, 400, 500, 600, 700, 800, 900]
const DOCUMENT = `query($after: String) {
  users(first: 100, after: $after) { edges { node { id name email createdAt } } pageInfo { endCursor } }
}`

const byOffset = (name: string, server: Server, pathOf: (offset: number) => string, tokens: () => Promise<readonly Bearer[]>): Subject => ({
  name,
  server,
  async traffic() {
    const [administrator] = await tokens()
    return cycle(
      OFFSETS.map((offset) => ({ method: 'GET', path: pathOf(offset), ...administrator })),
      EMAIL,
    )
  },
})

const betterAuthPath = (offset: number): string => `/api/auth/admin/list-users?limit=100&offset=${offset}&sortBy=email`

const graphqlPage = (after: string | null, administrator: Bearer | undefined): Request => ({
  method: 'POST',
  path: '/graphql',
  body: { query: DOCUMENT, variables: { after } },
  ...administrator,
})

interface Page {
  readonly data: { readonly users: { readonly pageInfo: { readonly endCursor: string } } }
}

const byCursor = (server: Server, tokens: Tokens): Subject => ({
  name: 'GraphQL users(first: 100)',
  server,
  async traffic(url) {
    const [administrator] = await tokens.authentication()
    const requests = [graphqlPage(null, administrator)]
    while (requests.length < OFFSETS.length) {
      const [page] = await askAll<Page>(url, requests.slice(-1))
      requests.push(graphqlPage(page?.data.users.pageInfo.endCursor ?? null, administrator))
    }
    return cycle(requests, EMAIL)
  },
})

const limitPages = (server: Server, { limit }: Tokens): Subject =>
  byOffset(server.name, server, (offset) => `/users?offset=${offset}`, limit)

export const pages = ({ ours, limit, pipelined, betterAuth }: Servers, tokens: Tokens): Scenario => ({
  name: 'A page of 100 (users)',
  subjects: [
    limitPages(limit, tokens),
    limitPages(pipelined, tokens),
    byOffset('GET /v1/users', ours, (offset) => `/v1/users?limit=100&offset=${offset}`, tokens.opaque),
    byCursor(ours, tokens),
    ...(betterAuth === undefined ? [] : [byOffset(betterAuth.name, betterAuth, betterAuthPath, tokens.betterAuth)]),
  ],
})

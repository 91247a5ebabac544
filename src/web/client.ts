/**
 * The client of the public GraphQL schema. The session is in a cookie that no script can read; the header that such requests need
 * cannot be sent from another site. Nothing is kept beyond the page.
 */
import { type Client, cacheExchange, createClient, fetchExchange } from 'urql'
import { graphqlUrl } from './settings.ts'

/** With GET, which is the default of urql, the texts of searches would be in the logs of proxies. */
export const createApi = (): Client =>
  createClient({
    url: graphqlUrl,
    preferGetMethod: false,
    fetchOptions: { credentials: 'include', cache: 'no-store', referrerPolicy: 'no-referrer', headers: { 'x-csrf-protection': '1' } },
    exchanges: [cacheExchange, fetchExchange],
  })

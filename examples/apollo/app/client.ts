import { ApolloClient, InMemoryCache } from '@apollo/client'
import { relayStylePagination } from '@apollo/client/utilities'
import possibleTypes from '../../../possible-types.json'
import { transport } from './transport.ts'

const cache = new InMemoryCache({
  // Without these, the fields of `... on Error` are lost.
  possibleTypes,
  typePolicies: {
    // One list for each search and filter, to which `fetchMore` appends pages.
    Query: { fields: { users: relayStylePagination(['search', 'filter']) } },
    // Mutations return these lists whole; a shorter list replaces a longer one without a warning.
    User: { fields: { sessions: { merge: false }, personalAccessTokens: { merge: false } } },
  },
})

export const client = new ApolloClient({ cache, link: transport.link })

let account = transport.account()
// Nobody sees the data of somebody else, also in a tab that slept while another one signed out and in again.
transport.subscribe(() => {
  const next = transport.account()
  if (account !== null && next !== account) void client.clearStore()
  account = next
})

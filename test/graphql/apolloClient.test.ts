/**
 * The real Apollo Client with its link for persisted queries, over HTTP: it sends hashes, and the text where the server does not know the
 * hash, or knows none.
 */
import { ApolloClient, ApolloLink, gql, HttpLink, InMemoryCache } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { describe, expect, it } from 'vitest'
import { sha256, useManifests } from '../support/manifest.ts'
import { useWorld, type World } from '../support/world.ts'

const ME = gql`
  query Me {
    me {
      id
    }
  }
`
/** As the cache of Apollo Client asks for it. */
const ME_SENT = 'query Me {\n  me {\n    id\n    __typename\n  }\n}'
const OTHER = gql`
  query Other {
    me {
      username
    }
  }
`
const manifests = useManifests()

interface Sent {
  readonly method: string
  readonly query: boolean
  readonly hash: boolean
}

/** A client, and what it sends. */
const open = (world: World, useGETForHashedQueries: boolean) => {
  const sent: Sent[] = []
  const counting: typeof fetch = async (input, init) => {
    const { method = 'GET', body } = init ?? {}
    const text = method === 'GET' ? new URL(String(input)).search : String(body)
    sent.push({ method, query: /[?&]query=|"query":/.test(text), hash: text.includes('sha256Hash') })
    return await fetch(input, init)
  }
  const link = ApolloLink.from([
    new PersistedQueryLink({ sha256, useGETForHashedQueries }),
    new HttpLink({ uri: `${world.url}/graphql`, fetch: counting }),
  ])
  return {
    client: new ApolloClient({ link, cache: new InMemoryCache(), defaultOptions: { query: { fetchPolicy: 'network-only' } } }),
    sent,
  }
}

describe.each([
  ['by POST', false, 'POST'],
  ['by GET', true, 'GET'],
] as const)('Apollo Client with hashes %s', (_how, useGet, method) => {
  const listed = useWorld({ PERSISTED_OPERATIONS: manifests.manifestOf(ME_SENT) })
  const plain = useWorld()

  it('Apollo Client sends a hash that the server knows, and no text', async () => {
    const { client, sent } = open(listed(), useGet)
    expect((await client.query({ query: ME })).data).toEqual({ me: null })
    expect(sent).toEqual([{ method, query: false, hash: true }])
  })

  it('Apollo Client sends the text with its hash after a hash that the server does not know', async () => {
    const { client, sent } = open(listed(), useGet)
    expect((await client.query({ query: OTHER })).data).toEqual({ me: null })
    expect(sent.map(({ query, hash }) => [query, hash])).toEqual([
      [false, true],
      [true, true],
    ])
  })

  it('Apollo Client sends only texts after a server without persisted documents has answered', async () => {
    const { client, sent } = open(plain(), useGet)
    expect((await client.query({ query: ME })).data).toEqual({ me: null })
    expect((await client.query({ query: OTHER })).data).toEqual({ me: null })
    expect(sent.map(({ query, hash }) => [query, hash])).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ])
  })
})

/**
 * What a front end does with an account: sign-in with one or two factors, refresh, and sign-out. Tokens are kept only in memory.
 * Each step returns a value or a `Problem`, with a message for people and a code to match on.
 */
import { type Client, type ClientOptions, createClient, type Outcome } from './client.ts'
import {
  MeDocument,
  type MeQuery,
  RefreshSessionDocument,
  type RefusalFragment,
  SignInDocument,
  SignOutDocument,
  SignUpDocument,
  type SignUpInput,
  type TokensFragment,
  UsersDocument,
  type UsersQuery,
  VerifyTwoFactorDocument,
} from './operations.ts'

export interface Problem {
  /** An `ErrorCode` of the schema, a code of a request that did not run, or the kind of an outcome. */
  readonly code: string
  readonly message: string
}
export type Result<Value> = { readonly value: Value } | { readonly problem: Problem }

export type ListedUser = NonNullable<UsersQuery['users']>['edges'][number]['node']

export interface Account {
  signUp(input: SignUpInput): Promise<Result<string>>
  /** Returns the name of the user. `askCode` is called if the account has a second factor. */
  signIn(identifier: string, password: string, askCode: () => Promise<string>): Promise<Result<string>>
  /** Null without a session. */
  me(): Promise<Result<MeQuery['me']>>
  /** All users that match, in pages. */
  users(search?: string, pageSize?: number): AsyncGenerator<Result<ListedUser>>
  /** New tokens for the session. */
  refresh(): Promise<Result<true>>
  signOut(): Promise<Result<true>>
}

const refused = ({ code, message }: RefusalFragment): { readonly problem: Problem } => ({ problem: { code, message } })

/** Why there is no data. */
const failed = (outcome: Exclude<Outcome<unknown>, { kind: 'data' }>): { readonly problem: Problem } => {
  if (outcome.kind !== 'errors') return { problem: { code: outcome.kind, message: 'The server cannot be reached.' } }
  const [first] = outcome.errors
  return { problem: { code: first?.extensions?.code ?? outcome.kind, message: first?.message ?? 'The request failed.' } }
}

const settle = <Data, Value>(outcome: Outcome<Data>, read: (data: Data) => Result<Value>): Result<Value> =>
  outcome.kind === 'data' ? read(outcome.data) : failed(outcome)

async function* usersOf(client: Client, search: string | undefined, first: number): AsyncGenerator<Result<ListedUser>> {
  let after: string | null = null
  do {
    const outcome: Outcome<UsersQuery> = await client.execute(UsersDocument, { first, after, search })
    if (outcome.kind !== 'data') return yield failed(outcome)
    const users: UsersQuery['users'] = outcome.data.users
    if (users === null) return
    for (const { node } of users.edges) yield { value: node }
    after = users.pageInfo.hasNextPage ? users.pageInfo.endCursor : null
  } while (after !== null)
}

export function openAccount(options: Omit<ClientOptions, 'token'>): Account {
  let tokens: TokensFragment | null = null
  const client = createClient({ ...options, token: () => tokens?.accessToken?.token })
  const keep = <Value>(credentials: TokensFragment | null, value: Value): Result<Value> => {
    tokens = credentials
    return { value }
  }
  const verify = async (loginCode: string, code: string): Promise<Result<string>> =>
    settle(await client.execute(VerifyTwoFactorDocument, { input: { loginCode, code } }), ({ verifyTwoFactor: result }) =>
      result.__typename === 'SignInSuccess' ? keep(result.credentials, result.user.name) : refused(result),
    )
  return {
    signUp: async (input) =>
      settle(await client.execute(SignUpDocument, { input }), ({ signUp: result }) =>
        result.__typename === 'SignUpSuccess' ? keep(result.credentials, result.user.name) : refused(result),
      ),
    async signIn(identifier, password, askCode) {
      const outcome = await client.execute(SignInDocument, { input: { identifier, password } })
      if (outcome.kind !== 'data') return failed(outcome)
      const { signIn: result } = outcome.data
      if (result.__typename === 'TwoFactorRequired') return await verify(result.loginCode, await askCode())
      return result.__typename === 'SignInSuccess' ? keep(result.credentials, result.user.name) : refused(result)
    },
    me: async () => settle(await client.execute(MeDocument), ({ me }) => ({ value: me })),
    users: (search, pageSize = 50) => usersOf(client, search, pageSize),
    refresh: async () =>
      settle(
        await client.execute(RefreshSessionDocument, { input: { refreshToken: tokens?.refreshToken?.token ?? '' } }),
        ({ refreshSession: result }) =>
          result.__typename === 'RefreshSessionSuccess' ? keep<true>(result.credentials, true) : refused(result),
      ),
    signOut: async () =>
      settle(await client.execute(SignOutDocument), ({ signOut: result }) =>
        result.__typename === 'SignOutSuccess' ? keep<true>(null, true) : refused(result),
      ),
  }
}

/**
 * Every operation that a dialect has, as a client of GraphQL asks for it: documents of their own, not those of the rows. What
 * comes back is a success, or a failure with its code.
 */
import type { FailureView } from '../../src/rest/dialect.ts'
import { isErrorCode } from '../authorization/callers.ts'
import { FAILURE, TOKENS } from '../graphql/ask.ts'
import { type From, type Pair, type Side, send } from './pair.ts'

export type Input = Readonly<Record<string, unknown>>

/** What everybody reads of an account, and what the dialects print of it to those who may know it. */
const PUBLIC = 'id username email name scopeNames'
/** What its owner reads of it, and an administrator. */
const USER = `${PUBLIC} firstName lastName phone bio isAdmin loginDisabled twoFactorEnabled emailVerified createdAt updatedAt
  pendingEmails { address createdAt } pendingVerification { address createdAt }`
const SIGNED_IN = `user { ${USER} } credentials { ${TOKENS} }`

/** What each mutation's success selects. */
const MUTATIONS = {
  signUp: `... on SignUpSuccess { ${SIGNED_IN} }`,
  signIn: `... on SignInSuccess { ${SIGNED_IN} }`,
  verifyTwoFactor: `... on SignInSuccess { ${SIGNED_IN} }`,
  refreshSession: `... on RefreshSessionSuccess { credentials { ${TOKENS} } }`,
  signOut: '... on SignOutSuccess { endedSessions }',
  signOutEverywhere: '... on SignOutSuccess { endedSessions }',
  createUser: `... on CreateUserSuccess { user { ${PUBLIC} } }`,
  deleteUser: `... on DeleteUserSuccess { user { ${PUBLIC} } }`,
  setLoginEnabled: `... on SetLoginEnabledSuccess { user { ${USER} } }`,
  setScopes: '... on SetScopesSuccess { user { id } }',
  updateProfile: `... on UpdateProfileSuccess { user { ${USER} } }`,
  changePassword: '... on ChangePasswordSuccess { user { id } }',
  requestPasswordReset: '... on RequestPasswordResetSuccess { ok }',
  resetPassword: '... on ResetPasswordSuccess { ok }',
  changeEmail: '... on ChangeEmailSuccess { pendingEmail user { id } }',
  confirmEmail: '... on ConfirmEmailSuccess { user { id } }',
  requestEmailVerification: '... on RequestEmailVerificationSuccess { user { id } }',
  beginTwoFactorEnrollment: '... on BeginTwoFactorEnrollmentSuccess { secret otpauthUrl qrCode recoveryCodes }',
  confirmTwoFactorEnrollment: '... on ConfirmTwoFactorEnrollmentSuccess { recoveryCodes }',
  disableTwoFactor: '... on DisableTwoFactorSuccess { user { id } }',
} as const
const QUERIES = {
  me: `me { ${USER} }`,
  user: `user(by: $by) { ${PUBLIC} }`,
  users: `users(first: $first, after: $after) { edges { node { ${PUBLIC} } } pageInfo { hasNextPage endCursor } }`,
} as const
const VARIABLES: Readonly<Record<keyof typeof QUERIES, string>> = {
  me: '',
  user: '($by: UserBy!)',
  users: '($first: Int, $after: String)',
}

export type Operation = keyof typeof MUTATIONS | keyof typeof QUERIES

export type Outcome =
  // biome-ignore lint/suspicious/noExplicitAny: as the schema wrote it
  { readonly kind: 'success'; readonly result: any } | { readonly kind: 'failure'; readonly failure: FailureView }

const documentOf = (operation: Operation, input: Input): string => {
  if (operation in QUERIES) {
    const name = operation as keyof typeof QUERIES
    // Wekan prints what an administrator reads.
    const selection = name === 'user' && 'idOrUsername' in Object(input.by) ? `user(by: $by) { ${USER} }` : QUERIES[name]
    return `query${VARIABLES[name]} { result: ${selection} }`
  }
  const name = operation as keyof typeof MUTATIONS
  const takesNothing = name === 'beginTwoFactorEnrollment' || name === 'requestEmailVerification' || Object.keys(input).length === 0
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
  const [declared, passed] = takesNothing && name !== 'disableTwoFactor' ? ['', ''] : [`($input: ${type})`, '(input: $input)']
  return `mutation${declared} { result: ${name}${passed} { ${MUTATIONS[name]} ${FAILURE} } }`
}

const UNAUTHENTICATED: FailureView = { code: 'UNAUTHENTICATED', message: '', fieldErrors: [] }

/** Asks one world through GraphQL. @throws for anything that is neither a success nor an expected failure */
export async function viaGraphql(pair: Pair, side: Side, from: From, operation: Operation, input: Input, token?: string): Promise<Outcome> {
  const variables = operation in QUERIES ? input : { input }
  const json = { query: documentOf(operation, input), variables }
  const { status, body } = await send(pair, side, from, { method: 'POST', path: '/graphql', json, token }, { surface: 'graphql' })
  const result = body?.data?.result
  const [error] = body?.errors ?? []
  if (status === 200 && isErrorCode(error?.extensions?.code)) {
    const { code, fieldErrors = [], ...more } = error.extensions
    return { kind: 'failure', failure: { code, message: error.message, fieldErrors, ...more } }
  }
  // `me` of nobody is null, where every other operation refuses (access/operationTable.ts).
  if (operation === 'me' && result === null && body.errors === undefined) return { kind: 'failure', failure: UNAUTHENTICATED }
  if (status !== 200 || result == null) throw new Error(`${operation} of GraphQL answered ${status} ${JSON.stringify(body)}`)
  return result.code === undefined ? { kind: 'success', result } : { kind: 'failure', failure: result }
}

/** The same, where nothing else than a success will do. */
// biome-ignore lint/suspicious/noExplicitAny: as the schema wrote it
export async function succeed(pair: Pair, side: Side, from: From, operation: Operation, input: Input, token?: string): Promise<any> {
  const outcome = await viaGraphql(pair, side, from, operation, input, token)
  if (outcome.kind === 'success') return outcome.result
  throw new Error(`${operation} of GraphQL failed in ${side}: ${JSON.stringify(outcome.failure)}`)
}

/** All accounts, in the order of their creation. */
export async function allUsers(pair: Pair, side: Side, from: From, token?: string): Promise<Outcome> {
  const nodes: unknown[] = []
  for (let after: string | null = null; ; ) {
    const page: Outcome = await viaGraphql(pair, side, from, 'users', { first: 500, after }, token)
    if (page.kind === 'failure') return page
    nodes.push(...page.result.edges.map(({ node }: { node: unknown }) => node))
    if (!page.result.pageInfo.hasNextPage) return { kind: 'success', result: nodes }
    after = page.result.pageInfo.endCursor
  }
}

/**
 * The requests of an attacker, and their subjects: for each request, neither answer nor time may differ between the first subject, an
 * unknown name, and the others.
 */
import { accountKinds, newToken, type Population, UNKNOWN } from './population.ts'

export interface Question {
  readonly path: string
  readonly body: unknown
}

export interface Scenario {
  readonly name: string
  /** The first stands for nobody; each gives one question at a time. */
  readonly subjects: readonly { readonly name: string; readonly ask: () => Question }[]
}

const pick = <T>(values: readonly T[]): T => values[Math.floor(Math.random() * values.length)] as T
const WRONG = 'not the right one'
const NEW = 'a new and long password'

const graphql = (operation: string, input: object): Question => {
  const type = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`
  const query = `mutation($input: ${type}!) { result: ${operation}(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }`
  return { path: '/graphql', body: { query, variables: { input } } }
}

type Ask = (subject: string) => Question

const signIns: Readonly<Record<string, Ask>> = {
  'GraphQL signIn': (identifier) => graphql('signIn', { identifier, password: WRONG }),
  'POST /v1/auth/login': (email) => ({ path: '/v1/auth/login', body: { email, password: WRONG } }),
  'POST /users/login': (email) => ({ path: '/users/login', body: { email, password: WRONG } }),
  'POST /auth/login': (email) => ({ path: '/auth/login', body: { email, password: WRONG } }),
}

const resets: Readonly<Record<string, Ask>> = {
  'GraphQL requestPasswordReset': (email) => graphql('requestPasswordReset', { email }),
  'POST /v1/security/forget-password': (email) => ({ path: '/v1/security/forget-password', body: { email } }),
  'POST /auth/forgot-password': (email) => ({ path: '/auth/forgot-password', body: { email } }),
}

const loginCodes: Readonly<Record<string, Ask>> = {
  'GraphQL verifyTwoFactor': (loginCode) => graphql('verifyTwoFactor', { loginCode, code: '000000' }),
  'POST /v1/auth/verify-totp': (loginCode) => ({ path: '/v1/auth/verify-totp', body: { loginCode, code: '000000' } }),
}

const resetTokens: Readonly<Record<string, Ask>> = {
  'GraphQL resetPassword': (token) => graphql('resetPassword', { token, newPassword: NEW }),
  'POST /v1/security/reset-password': (token) => ({ path: '/v1/security/reset-password', body: { token, password: NEW } }),
  'POST /auth/reset-password': (token) => ({ path: `/auth/reset-password?token=${token}`, body: { password: NEW } }),
}

const addressTokens: Readonly<Record<string, Ask>> = {
  'GraphQL confirmEmail': (token) => graphql('confirmEmail', { token }),
}

/** Rows of questions, each about every one of the subjects. */
const rows = (asks: Readonly<Record<string, Ask>>, subjects: readonly (readonly [string, () => string])[]): Scenario[] =>
  Object.entries(asks).map(([name, ask]) => ({
    name,
    subjects: subjects.map(([subject, next]) => ({ name: subject, ask: () => ask(next()) })),
  }))

export const scenariosOf = ({ addresses, tokens }: Population): readonly Scenario[] => {
  const people = [UNKNOWN, ...accountKinds].map((kind) => [kind, () => pick(addresses[kind as keyof typeof addresses])] as const)
  const dead = (...kinds: (keyof typeof tokens)[]) => [
    ['a token of nobody', newToken] as const,
    ...kinds.map((kind) => [kind, () => pick(tokens[kind])] as const),
  ]
  return [
    ...rows(signIns, people),
    ...rows(resets, people),
    ...rows(loginCodes, dead('a spent login code', 'an expired login code')),
    ...rows(resetTokens, dead('an expired reset token')),
    ...rows(addressTokens, dead('an expired address token')),
  ]
}

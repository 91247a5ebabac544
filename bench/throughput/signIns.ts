/** Sign-ins on each surface. */
import type { Request } from '../load/traffic.ts'
import { addressOf, emailOf, PASSWORD } from './people.ts'

const MUTATION = `mutation($input: SignInInput!) {
  signIn(input: $input) { __typename ... on SignInSuccess { user { id } credentials { accessToken { token } refreshToken { token } } } }
}`

const credentials = (index: number) => ({ email: emailOf(index), password: PASSWORD })
const graphql = (index: number) => ({ query: MUTATION, variables: { input: { identifier: emailOf(index), password: PASSWORD } } })

/** The sign-in of an account, from its address. */
export const signIns = {
  limit: (index: number): Request => ({ method: 'POST', path: '/signin', body: credentials(index) }),
  graphql: (index: number): Request => ({ method: 'POST', path: '/graphql', from: addressOf(index), body: graphql(index) }),
  v1: (index: number): Request => ({ method: 'POST', path: '/v1/auth/login', from: addressOf(index), body: credentials(index) }),
  authentication: (index: number): Request => ({ method: 'POST', path: '/auth/login', from: addressOf(index), body: credentials(index) }),
  betterAuth: (index: number): Request => ({
    method: 'POST',
    path: '/api/auth/sign-in/email',
    from: addressOf(index),
    body: credentials(index),
  }),
  wekan: (index: number): Request => ({ method: 'POST', path: '/users/login', from: addressOf(index), body: credentials(index) }),
} as const

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

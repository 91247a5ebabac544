/** Sign-ins on each surface, and how to get the answers to many requests. */
import { openConnection } from '../load/connection.ts'
import { bytesOf, checkAnswer, type Request } from '../load/traffic.ts'
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
  wekan: (index: number): Request => ({ method: 'POST', path: '/users/login', from: addressOf(index), body: credentials(index) }),
} as const

export const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, index) => from + index)

const AT_ONCE = 4

/** The answers to some requests, in their order. @throws unless each is 200 */
export async function askAll<T>(url: string, requests: readonly Request[]): Promise<T[]> {
  const answers: T[] = []
  const askSome = async (from: number): Promise<void> => {
    const connection = openConnection(Number(new URL(url).port))
    try {
      for (let index = from; index < requests.length; index += AT_ONCE) {
        const answer = await connection.ask(bytesOf(requests[index] as Request))
        checkAnswer(answer, '')
        answers[index] = JSON.parse(answer.body.toString())
      }
    } finally {
      connection.close()
    }
  }
  await Promise.all(range(0, AT_ONCE).map(askSome))
  return answers
}

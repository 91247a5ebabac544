/** What is asked at each size of the user base: the requests of a question follow each other, each about another account. */
import { cycle, type Request, type Traffic } from '../load/traffic.ts'
import { askAll } from '../throughput/askAll.ts'
import { emailOf, numberOf } from '../throughput/people.ts'
import { signIns } from '../throughput/signIns.ts'

export interface Question {
  readonly name: string
  readonly traffic: Traffic
}

/** Any accounts, by number and id, spread over all. */
export interface Sample {
  readonly index: number
  readonly id: string
}

interface V1Answer {
  readonly token: string
}
interface Page {
  readonly data: { readonly users: { readonly pageInfo: { readonly startCursor: string } } }
}

const PAGE = `query($after: String, $search: String) {
  users(first: 100, after: $after, search: $search) { edges { node { id name email createdAt } } pageInfo { endCursor hasNextPage } }
}`
/** The start of what follows it is the cursor before the last 100 accounts: page 10,000 of a million. */
const BEFORE_LAST_PAGE = '{ users(last: 101) { pageInfo { startCursor } } }'
const BY_USERNAME = 'query($username: String!) { user(by: { username: $username }) { id email } }'
/** Held by one account, at every size. */
const SEARCHED = numberOf(777)

const graphql = (token: string, query: string, variables: object = {}): Request => ({
  method: 'POST',
  path: '/graphql',
  token,
  body: { query, variables },
})

export async function questionsOf(url: string, size: number, sample: readonly Sample[]): Promise<Question[]> {
  const [administrator, ...others] = (await askAll<V1Answer>(url, [0, 1, 2, 3, 4].map(signIns.v1))).map(({ token }) => token)
  const token = administrator ?? ''
  const [last] = await askAll<Page>(url, [graphql(token, BEFORE_LAST_PAGE)])
  const after = last?.data.users.pageInfo.startCursor
  const get = (path: string, bearer = token): Request => ({ method: 'GET', path, token: bearer })
  const ask = (name: string, requests: readonly Request[], wanted: string): Question => ({ name, traffic: cycle(requests, wanted) })
  const byUsername = ({ index }: Sample) => graphql(token, BY_USERNAME, { username: `user${numberOf(index)}` })
  return [
    ask(
      'who am I: `GET /api/user`',
      others.map((other) => get('/api/user', other)),
      'user0000',
    ),
    ask('lookup of a sign-in: `user(by: { username })`', sample.map(byUsername), '"email":"user'),
    ask(
      'sign-in with its hash: `POST /v1/auth/login`',
      sample.map(({ index }) => signIns.v1(index)),
      '"token":',
    ),
    ask('first page: `users(first: 100)`', [graphql(token, PAGE)], emailOf(0)),
    ask('last page by cursor: `users(first: 100, after:)`', [graphql(token, PAGE, { after })], emailOf(size - 1)),
    ask('search for one account: `users(search:)`', [graphql(token, PAGE, { search: SEARCHED })], emailOf(777)),
    ask(
      'one account: `GET /api/users/:id`',
      sample.map(({ id }) => get(`/api/users/${id}`)),
      '"username":"user',
    ),
    ask('the middle by offset: `GET /v1/users?limit=100&offset=`', [get(`/v1/users?limit=100&offset=${size / 2}`)], emailOf(size / 2)),
  ]
}

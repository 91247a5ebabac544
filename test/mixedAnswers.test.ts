/** A connection to the database, or a pooler in front of it, that gives one request the answer to another: nobody becomes somebody else. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { useWorld } from './support/world.ts'

const world = useWorld({ FIRST_ACCOUNT_IS_ADMIN: 'false' })

interface Person {
  readonly accessToken: string
  readonly opaqueToken: string
}

const signUp = async (email: string): Promise<Person> => {
  const registered = await world().post('/auth/register', { name: email, email, password: 'a long password', confirm: 'a long password' })
  const signedIn = await world().post('/users/login', { email, password: 'a long password' })
  return { accessToken: registered.body.tokens.access.token, opaqueToken: signedIn.body.token }
}

let count = 0
let ada: Person
let bob: Person
beforeEach(async () => {
  count += 1
  ada = await signUp(`ada${count}@example.com`)
  bob = await signUp(`bob${count}@example.com`)
})
afterEach(() => vi.restoreAllMocks())

describe.each(['accessToken', 'opaqueToken'] as const)('a look-up by %s that is answered with another session', (kind) => {
  const whoIs = async (token: string) => await world().graphql('{ me { email } }', {}, token)

  test('is a fault, and shows nothing of the other account', async () => {
    const { reader } = world().app.domain
    const first = reader.first.bind(reader)
    const values: string[] = []
    const spy = vi.spyOn(reader, 'first').mockImplementation(async (statement, value) => {
      values.push(value)
      return await first(statement, value)
    })
    expect((await whoIs(bob[kind])).body).toEqual({ me: { email: `bob${count}@example.com` } })
    const [ofBob = ''] = values
    spy.mockImplementation(async (statement) => await first(statement, ofBob))
    const answer = await whoIs(ada[kind])
    expect(answer.status).toBe(500)
    expect(answer.text).not.toContain('example.com')
    expect(
      world()
        .logs.splice(0)
        .filter(({ level }) => level === 'error'),
    ).toMatchObject([{ message: 'a request failed unexpectedly' }])
    spy.mockRestore()
    expect((await whoIs(ada[kind])).body).toEqual({ me: { email: `ada${count}@example.com` } })
  })
})

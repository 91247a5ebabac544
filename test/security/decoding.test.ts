/** What comes encoded is decoded once, before it is looked at: what is encoded twice is another text (ASVS 1.1.1). */
import { beforeAll, expect, it } from 'vitest'
import { adminToken } from '../graphql/ask.ts'
import { admin, PASSWORD, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'

const world = useWorld({ WEKAN_QUERY_TOKEN: 'true' })
beforeAll(async () => {
  await admin(world())
})

/** The first character in percent-encoding, once and twice. */
const once = (text: string): string => `%${text.charCodeAt(0).toString(16)}${text.slice(1)}`
const twice = (text: string): string => `%25${text.charCodeAt(0).toString(16)}${text.slice(1)}`

it('a part of a path is decoded once, on idiot and on wekan', async () => {
  const { id, username } = await person(world())
  const token = await adminToken(world())
  for (const path of [`/v1/users/${once(id)}`, `/api/users/${once(id)}`, `/api/users/${once(username)}`])
    expect((await world().get(path, token)).status).toBe(200)
  for (const path of [`/v1/users/${twice(id)}`, `/api/users/${twice(id)}`, `/api/users/${twice(username)}`])
    expect((await world().get(path, token)).status).toBe(404)
})

it('a parameter of the query is decoded once', async () => {
  const { body } = await world().post('/users/login', { email: (await person(world())).email, password: PASSWORD })
  expect((await world().get(`/api/user?access_token=${once(body.token)}`)).status).toBe(200)
  expect((await world().get(`/api/user?access_token=${twice(body.token)}`)).status).toBe(401)
})

it('a field of a form is decoded once, and one of JSON not at all', async () => {
  const { email } = await person(world(), { password: 'per%63ent is no sign' })
  const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' } }
  const signIn = async (password: string) =>
    (await world().request('POST', '/users/login', { ...form, raw: `email=${encodeURIComponent(email)}&password=${password}` })).status
  expect(await signIn('per%2563ent+is+no+sign')).toBe(200)
  expect(await signIn('per%63ent+is+no+sign')).toBe(401)
  expect((await world().post('/auth/login', { email, password: 'per%63ent is no sign' })).status).toBe(200)
  expect((await world().post('/auth/login', { email, password: 'percent is no sign' })).status).toBe(401)
})

it('a query of GraphQL in an address is decoded once', async () => {
  const document = encodeURIComponent('{ me { id } }')
  expect((await world().get(`/graphql?query=${document}`)).body).toEqual({ data: { me: null } })
  expect((await world().get(`/graphql?query=${encodeURIComponent(document)}`)).body).toEqual({
    errors: [expect.objectContaining({ message: expect.stringContaining('Syntax Error') })],
  })
})

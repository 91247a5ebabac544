/** What `/` answers a program: where things are, in production only what is meant for the public, and the first steps on a fresh base. */
import { describe, expect, test } from 'vitest'
import { person } from './support/accounts.ts'
import { useWorld } from './support/world.ts'

const PUBLIC = {
  graphql: 'http://vestibule.test/graphql',
  sign_in: 'http://vestibule.test/sign-in',
  account: 'http://vestibule.test/account',
  keys: 'http://vestibule.test/.well-known/jwks.json',
  health: 'http://vestibule.test/healthz',
}

describe('where one develops', () => {
  const world = useWorld()

  test('it names the first steps until there is an administrator', async () => {
    const { body } = await world().get('/')
    expect(body.links).toEqual({
      ...PUBLIC,
      graphiql: 'http://vestibule.test/graphql',
      graphql_schema: 'http://vestibule.test/graphql/schema.graphql',
      rest_documents: 'http://vestibule.test/docs',
    })
    expect(body.dialects).toContainEqual({
      name: 'wekan',
      title: 'Wekan REST API',
      openapi: 'http://vestibule.test/openapi/wekan.json',
    })
    expect(body.first_steps).toEqual(['create_first_account', 'try_graphiql', 'move_in'])
    await person(world())
    expect((await world().get('/')).body).not.toHaveProperty('first_steps')
  })
})

describe('without a way to become the administrator', () => {
  const world = useWorld({ FIRST_ACCOUNT_IS_ADMIN: 'false' })

  test('the first step is to set one', async () => {
    expect((await world().get('/')).body.first_steps).toEqual(['set_admin', 'try_graphiql', 'move_in'])
  })
})

describe('in production', () => {
  const world = useWorld({
    NODE_ENV: 'production',
    SECRET_KEY: 'the secret key of this test is long enough',
    MAIL_FROM: 'Example <no-reply@example.com>',
  })

  test('it names only what is meant for the public, also on a fresh base', async () => {
    expect((await world().get('/')).body).toEqual({ name: 'Example', links: PUBLIC })
  })
})

/** What the server says of itself to anybody. */
import { describe, expect, it } from 'vitest'
import { admin } from '../support/accounts.ts'
import { statementsOf } from '../support/database.ts'
import { useWorld, type World } from '../support/world.ts'
import { query } from './ask.ts'

const SELECTION = 'service { name isRegistrationOpen locales defaultLocale }'
const ask = (world: World, token?: string) => query(world, SELECTION, token)

describe('service', () => {
  const world = useWorld({ REGISTRATION: 'open' })

  it('service tells anybody the name, whether registration is open, and the languages', async () => {
    const service = { name: 'Vestibule', isRegistrationOpen: true, locales: ['EN', 'AR'], defaultLocale: 'EN' }
    expect(await ask(world())).toEqual(service)
    expect(await ask(world(), (await admin(world())).token)).toEqual(service)
    expect(await ask(world(), 'no-such-token')).toEqual(service)
  })

  it('service needs no statement', async () => {
    expect(await statementsOf(world().db, () => ask(world()))).toEqual([])
  })

  it('service has no fields but these', async () => {
    const { body } = await world().request('POST', '/graphql', { json: { query: '{ __type(name: "Service") { fields { name } } }' } })
    expect(body.data.__type.fields).toEqual(['defaultLocale', 'isRegistrationOpen', 'locales', 'name'].map((name) => ({ name })))
  })
})

describe('service of a server with a name, in Arabic and closed', () => {
  const closed = useWorld({
    MAIL_FROM: 'Acme <no-reply@acme.example>',
    DEFAULT_LOCALE: 'ar',
    REGISTRATION: 'closed',
    ADMIN_EMAIL: 'boss@acme.example',
    ADMIN_PASSWORD: 'correct horse battery',
  })

  it('service says so', async () => {
    expect(await ask(closed())).toEqual({ name: 'Acme', isRegistrationOpen: false, locales: ['EN', 'AR'], defaultLocale: 'AR' })
  })
})

describe('service of a server whose sender has no name', () => {
  const unnamed = useWorld({ MAIL_FROM: 'no-reply@acme.example' })

  it('service has the name of the program', async () => {
    expect((await ask(unnamed())).name).toBe('Vestibule')
  })
})

/**
 * Lists read only the columns that the selected fields need, so each field is selected alone here, for an account whose row has a value of
 * its own in every column.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { admin, person } from '../support/accounts.ts'
import { useWorld } from '../support/world.ts'
import { adminToken, query } from './ask.ts'

const world = useWorld()
const ROW = {
  username: 'grace.hopper',
  email: 'Grace@example.org',
  emailVerifiedAt: new Date('2025-03-04T05:06:07.891Z'),
  name: 'Grace Brewster Hopper',
  firstName: 'Grace',
  lastName: 'Brewster Hopper',
  phone: '01012345678',
  phoneE164: '+201012345678',
  bio: 'Nanoseconds.',
  locale: 'ar',
  isAdmin: false,
  loginDisabled: true,
  scopes: ['users:read'],
  mustChangePassword: true,
  createdAt: new Date('2024-01-02T03:04:05.678Z'),
  updatedAt: new Date('2026-02-03T04:05:06.789Z'),
}
const SHOWN: Readonly<Record<string, unknown>> = {
  username: 'grace.hopper',
  email: 'Grace@example.org',
  emailVerified: true,
  name: 'Grace Brewster Hopper',
  firstName: 'Grace',
  lastName: 'Brewster Hopper',
  phone: '01012345678',
  phoneE164: '+201012345678',
  bio: 'Nanoseconds.',
  locale: 'AR',
  isAdmin: false,
  loginDisabled: true,
  scopes: ['USERS_READ'],
  scopeNames: ['users:read'],
  twoFactorEnabled: false,
  mustChangePassword: true,
  createdAt: '2024-01-02T03:04:05.678Z',
  updatedAt: '2026-02-03T04:05:06.789Z',
}
let id = ''

beforeAll(async () => {
  await admin(world())
  id = (await person(world())).id
  await world().db.client.user.update({ where: { id }, data: ROW })
})

describe.each(Object.entries(SHOWN))('a list of users that selects only %s', (field, value) => {
  it('has its value', async () => {
    const { edges } = await query(world(), `users(last: 1) { edges { node { ${field} } } }`, await adminToken(world()))
    expect(edges).toEqual([{ node: { [field]: value } }])
  })
})

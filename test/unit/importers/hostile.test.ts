/** Files that somebody made to crash an import, or to have it run for hours: each record costs little, and spoils itself alone. */
import { describe, expect, it } from 'vitest'
import { recordsOf } from './support.ts'

const within = async <T>(ms: number, work: () => Promise<T>): Promise<T> => {
  const begun = performance.now()
  const result = await work()
  expect(performance.now() - begun).toBeLessThan(ms)
  return result
}

const MIB = 1_048_576
const notesOf = async (name: string, document: object): Promise<readonly unknown[]> => {
  const [record] = await recordsOf(name, name === 'keycloak' ? JSON.stringify({ users: [document] }) : [document])
  return record !== undefined && 'notes' in record ? (record.notes ?? []) : []
}

describe('names that objects have by themselves', () => {
  it.each(['constructor', '__proto__', 'toString'])('are no known types of credentials: %s', async (type) => {
    expect(await notesOf('keycloak', { id: 'k', username: 'k', credentials: [{ type }] })).toEqual([`a credential of the type ${type}`])
    expect(JSON.parse(JSON.stringify(await notesOf('kratos', JSON.parse(`{"id":"k","credentials":{"${type}":{}}}`))))).toEqual([])
    const factors = [{ factor_type: type, status: 'verified' }]
    expect(await notesOf('supabase', { id: 's', email: 's@example.org', mfa_factors: factors })).toEqual([])
  })
})

describe('a long field', () => {
  it('of padding is read at once', async () => {
    const value = `${'='.repeat(MIB - 1_000)}x`
    const users = [{ id: 'k', username: 'k', credentials: [{ type: 'password', hashedSaltedValue: value, salt: value.slice(-100) }] }]
    await within(2_000, async () => await recordsOf('keycloak', JSON.stringify({ users })))
  })

  it('of the names of columns is read at once', async () => {
    const header = Array.from({ length: 150_000 }, (_, at) => at.toString(36)).join(',')
    await within(3_000, async () => await recordsOf('csv', `${header}\n`, { map: 'username=1' }))
  })

  it.each<[string, object]>([
    ['wekan', { _id: 'w', emails: Array.from({ length: 250_000 }, () => 1) }],
    ['better-auth', { id: 'b', sessions: Array.from({ length: 250_000 }, () => 1) }],
    ['better-auth', { id: 'b', sessions: JSON.stringify(Array.from({ length: 250_000 }, () => 1)) }],
  ])('of wrong values is refused at once: %s', async (name, document) => {
    const [record] = await within(2_000, async () => await recordsOf(name, [document]))
    expect(record !== undefined && 'reason' in record ? record.reason : '').toMatch(/^(the record|a field) has more than 50,000 values$/)
  })
})

it('many wrong values give a short reason', async () => {
  const [record] = await recordsOf('wekan', [{ _id: 'w', emails: Array.from({ length: 49_000 }, () => 1) }])
  const reason = record !== undefined && 'reason' in record ? record.reason : ''
  expect(reason).toMatch(/^emails\.0 .*; and 48992 more$/)
  expect(reason.length).toBeLessThan(1_001)
})

describe('brackets within texts', () => {
  it('do not hide a document that is too deep', async () => {
    const deep = `{"id":"${']'.repeat(300_000)}","username":${'['.repeat(300_000)}${']'.repeat(300_000)}}\n`
    expect(await recordsOf('json', deep)).toEqual([{ reason: 'the line has more than 64 levels of brackets', given: null }])
  })

  it('do not spoil a document that is not', async () => {
    const name = '[{"\\'.repeat(100)
    expect(await recordsOf('json', [{ id: 'a', name }])).toEqual([{ given: { id: 'a', name } }])
  })
})

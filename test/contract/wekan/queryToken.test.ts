/**
 * WEKAN_QUERY_TOKEN=true: a token in the query of `wekan`.
 */
import { beforeAll, describe, expect, it } from 'vitest'
import { useWorld } from '../../support/world.ts'
import { expectAnswer } from '../support.ts'
import { type Account, at, expectApiError, fieldsOf, register, UNAUTHORIZED } from './support.ts'

describe('WEKAN_QUERY_TOKEN=true', () => {
  const open = useWorld({ WEKAN_QUERY_TOKEN: 'true' })
  let root: Account
  beforeAll(async () => {
    root = await register(open())
  })

  it('?access_token= is read on every route of wekan', async () => {
    const query = `?access_token=${root.token}`
    const account = await register(open())
    expect((await open().get(`/api/user${query}`)).body._id).toBe(root.id)
    expect((await open().get(`/api/users${query}`)).body).toHaveLength(2)
    expect((await open().get(`${at(account.id)}${query}`)).body._id).toBe(account.id)
    expect((await open().put(`${at(account.id)}${query}`, { action: 'disableLogin' })).body.loginDisabled).toBe(true)
    expect((await open().delete(`${at(account.id)}${query}`)).body).toEqual({ _id: account.id })
    expect((await open().post(`/api/users${query}`, fieldsOf())).status).toBe(200)
    expect((await open().post(`/users/logout${query}`)).status).toBe(200)
    expectAnswer(await open().get(`/api/user${query}`), 401, UNAUTHORIZED)
  })

  it('a wrong or repeated one opens nothing', async () => {
    const { token } = await register(open())
    expectAnswer(await open().get('/api/user?access_token=unknown'), 401, UNAUTHORIZED)
    expectApiError(await open().get(`/api/user?access_token=${token}&access_token=${token}`), 400)
  })

  it('no other dialect reads it', async () => {
    const { token } = await register(open())
    expect((await open().get(`/v1/profile?access_token=${token}`)).status).toBe(401)
    expect((await open().post(`/auth?access_token=${token}`)).status).toBe(401)
  })
})

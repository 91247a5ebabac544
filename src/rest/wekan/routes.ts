/**
 * THE TABLE of `wekan`: the Wekan REST API, users. Two mounts, because they differ in how they say what went wrong.
 */
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { storable, text } from '../../domain/input.ts'
import { type Dialect, pagedRow, row } from '../dialect.ts'
import {
  WekanCreateUserDocument,
  WekanDeleteUserDocument,
  WekanGetAllUsersDocument,
  WekanGetCurrentUserDocument,
  WekanGetUserDocument,
  WekanLoginDocument,
  WekanLogoutDocument,
  WekanRegisterDocument,
  WekanSetLoginEnabledDocument,
} from '../operations.ts'
import { accountErrors, apiErrors, apiErrorsAsOriginal } from './errors.ts'
import { ownDocument, signedIn, wholeDocument } from './shapes.ts'

const MATCH_FAILED = 'Match failed'
const string = z.string(MATCH_FAILED).refine(storable, MATCH_FAILED)
const nonEmpty = string.refine((value) => value !== '', MATCH_FAILED)
const orAbsent = string.optional().transform((value) => (value === '' ? undefined : value))
const credentials = z.object({ username: orAbsent, email: orAbsent, password: nonEmpty })
const idParams = z.object({ id: text })

const ACTIONS = { disableLogin: false, enableLogin: true } as const
const action = nonEmpty.pipe(z.enum(['disableLogin', 'enableLogin'], 'Unknown action: it must be disableLogin or enableLogin'))

const accountRows = [
  row({
    method: 'POST',
    path: '/users/register',
    documented: true,
    who: 'registration',
    body: credentials,
    document: WekanRegisterDocument,
    variables: ({ body }) => ({ input: body }),
    reply: ({ user, credentials: issued }) => signedIn(user, issued),
  }),
  row({
    method: 'POST',
    path: '/users/login',
    documented: true,
    who: 'anyone',
    body: credentials
      .extend({ code: orAbsent })
      .refine(({ username, email }) => username !== undefined || email !== undefined, MATCH_FAILED),
    document: WekanLoginDocument,
    variables: ({ body }) => ({ input: { identifier: body.username ?? body.email ?? '', password: body.password, code: body.code } }),
    reply: ({ user, credentials: issued }) => signedIn(user, issued),
  }),
  row({
    method: 'POST',
    path: '/users/logout',
    documented: false,
    who: 'session',
    document: WekanLogoutDocument,
    variables: () => ({}),
    reply: () => ({ status: 200, body: { message: "You've been logged out!" } }),
  }),
]

const apiRows = [
  row({
    method: 'POST',
    path: '/api/users',
    documented: true,
    who: 'admin',
    body: credentials,
    document: WekanCreateUserDocument,
    variables: ({ body }) => ({ input: body }),
    reply: ({ user }) => ({ status: 200, body: { _id: user.id, id: user.id } }),
  }),
  pagedRow({
    method: 'GET',
    path: '/api/users',
    documented: true,
    who: 'admin',
    document: WekanGetAllUsersDocument,
    window: () => ({ offset: 0, limit: Number.POSITIVE_INFINITY }),
    page: (connection) => connection,
    item: ({ id, username }) => ({ _id: id, username }),
  }),
  row({
    method: 'GET',
    path: '/api/users/:id',
    documented: true,
    who: 'admin',
    params: idParams,
    document: WekanGetUserDocument,
    variables: ({ params: { id } }) => ({ id, username: id }),
    reply: (user) => ({ status: 200, body: wholeDocument(user) }),
  }),
  row({
    method: 'DELETE',
    path: '/api/users/:id',
    documented: true,
    who: 'admin',
    params: idParams,
    document: WekanDeleteUserDocument,
    variables: ({ params }) => ({ input: params }),
    reply: ({ user }) => ({ status: 200, body: { _id: user.id } }),
  }),
  row({
    method: 'PUT',
    path: '/api/users/:id',
    documented: true,
    who: 'admin',
    params: idParams,
    body: z.object({ action }),
    document: WekanSetLoginEnabledDocument,
    variables: ({ params, body }) => ({ input: { id: params.id, enabled: ACTIONS[body.action] } }),
    reply: ({ user }) => ({ status: 200, body: wholeDocument(user) }),
  }),
  row({
    method: 'GET',
    path: '/api/user',
    documented: true,
    who: 'session',
    document: WekanGetCurrentUserDocument,
    variables: () => ({}),
    reply: (user) => ({ status: 200, body: ownDocument(user) }),
  }),
]

export const wekan = (config: Config): Dialect => {
  const token = config.WEKAN_QUERY_TOKEN ? { queryToken: 'access_token' } : {}
  return {
    name: 'wekan',
    title: 'Wekan REST API',
    mounts: [
      { path: '/users', rows: accountRows, errors: accountErrors, acceptsForms: true, ...token },
      {
        path: '/api',
        rows: apiRows,
        errors: config.WEKAN_ERROR_STATUS === '200' ? apiErrorsAsOriginal : apiErrors,
        acceptsForms: true,
        ...token,
      },
    ],
  }
}

/**
 * THE TABLE of `idiot`: the iDIoT backend API v0.0.1.
 */
import { z } from 'zod'
import { email, name, password, text } from '../../domain/input.ts'
import { minimumPasswordLength } from '../../domain/surfaces.ts'
import { type Dialect, pagedRow, row } from '../dialect.ts'
import {
  IdiotCreateUserDocument,
  IdiotDeleteUserByIdDocument,
  IdiotGetUserByIdDocument,
  IdiotGetUsersDocument,
  IdiotLogoutDocument,
} from '../operations.ts'
import { login } from '../v1/login.ts'
import { plainUserOf } from '../v1/shapes.ts'
import { idiotErrors } from './errors.ts'

const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number)
const idParams = z.object({ id: text })

const rows = [
  row({
    method: 'POST',
    path: '/v1/users',
    documented: true,
    who: 'users:create',
    body: z.object({ name, email, password: password(minimumPasswordLength.idiot) }),
    document: IdiotCreateUserDocument,
    variables: ({ body }) => ({ input: body }),
    reply: ({ user }) => ({ status: 200, body: plainUserOf(user) }),
  }),
  pagedRow({
    method: 'GET',
    path: '/v1/users',
    documented: true,
    who: 'users:read',
    query: z.object({ limit: wholeNumber.optional(), offset: wholeNumber.optional() }),
    document: IdiotGetUsersDocument,
    window: ({ query }) => ({ offset: query.offset ?? 0, limit: query.limit ?? Number.POSITIVE_INFINITY }),
    page: (connection) => connection,
    item: plainUserOf,
  }),
  row({
    method: 'GET',
    path: '/v1/users/:id',
    documented: true,
    who: 'session',
    params: idParams,
    document: IdiotGetUserByIdDocument,
    variables: ({ params }) => params,
    reply: (user) => ({ status: 200, body: plainUserOf(user) }),
  }),
  row({
    method: 'DELETE',
    path: '/v1/users/:id',
    documented: true,
    who: 'users:delete',
    params: idParams,
    document: IdiotDeleteUserByIdDocument,
    variables: ({ params }) => ({ input: params }),
    reply: ({ user }) => ({ status: 200, body: plainUserOf(user) }),
  }),
  login,
  row({
    method: 'POST',
    path: '/v1/auth/logout',
    documented: true,
    who: 'session',
    document: IdiotLogoutDocument,
    variables: () => ({}),
    reply: () => ({ status: 200, body: {} }),
  }),
]

export const idiot: Dialect = {
  name: 'idiot',
  title: 'iDIoT backend API',
  mounts: [{ path: '/v1', rows, errors: idiotErrors, acceptsForms: false }],
}

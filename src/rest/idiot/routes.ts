/**
 * THE TABLE of `idiot`: the iDIoT backend API v0.0.1.
 */
import { z } from 'zod'
import { email, name, password, text } from '../../domain/base/input.ts'
import { scopes } from '../../domain/base/scopes.ts'
import { minimumPasswordLength } from '../../domain/base/surfaces.ts'
import { defineDialect } from '../defineDialect.ts'
import { pagedRow, type Row, row } from '../dialect.ts'
import { withFieldNames } from '../fieldErrors.ts'
import {
  IdiotCreateUserDocument,
  IdiotDeleteUserByIdDocument,
  IdiotGetUserByIdDocument,
  IdiotGetUsersDocument,
  IdiotLogoutDocument,
} from '../operations.ts'
import { TwoFactorRequired } from '../v1/errors.ts'
import { login, SignedIn } from '../v1/login.ts'
import { PlainUser, plainUserOf } from '../v1/shapes.ts'
import { idiotErrors } from './errors.ts'

const wholeNumber = z.string().regex(/^\d+$/, 'must be a whole number').transform(Number)

const UserCreate = z
  .object({
    name: name.meta({ example: 'hi mark' }),
    email: email.meta({ example: 'x@example.com' }),
    password: password(minimumPasswordLength.idiot).meta({ example: 'DWD21378udh#g3@#d' }),
    permissions: z
      .array(text, 'must be a list of scopes')
      .max(50, 'at most 50 scopes')
      .optional()
      .meta({ description: 'Scopes to grant, with or without `perm:`; none that the caller lacks' }),
  })
  .meta({ id: 'UserCreate' })

/** Its login prints one object with a token that need not be there. */
const authLogin: Row<'auth'> = {
  ...login,
  operationId: 'authLogin',
  tag: 'auth',
  summary: 'Login',
  description: `A token may hold these scopes: ${scopes.join(' ')}`,
  success: {
    status: 200,
    description: 'ok',
    body: z.object({ ...SignedIn.partial().shape, ...TwoFactorRequired.partial().shape }),
    holds: ['TWO_FACTOR_REQUIRED'],
  },
}

const rows = [
  row({
    operationId: 'createUser',
    tag: 'user',
    summary: 'Create a user',
    descriptions: { body: 'Create a new user' },
    method: 'POST',
    path: '/v1/users',
    documented: true,
    body: UserCreate,
    document: IdiotCreateUserDocument,
    variables: ({ body: { permissions, ...account } }) => ({ input: { ...account, scopes: permissions } }),
    success: { status: 200, description: 'ok', body: PlainUser },
    reply: ({ user }) => plainUserOf(user),
    fails: ['EMAIL_TAKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
    failures: { INVALID_INPUT: withFieldNames(idiotErrors.failures.INVALID_INPUT, { scopes: 'permissions' }) },
  }),
  pagedRow({
    operationId: 'getUsers',
    tag: 'user',
    summary: 'Get all users',
    method: 'GET',
    path: '/v1/users',
    documented: true,
    query: z.object({
      limit: wholeNumber.optional().meta({ description: 'how many users to return' }),
      offset: wholeNumber.optional().meta({ description: 'how many users to leave out' }),
    }),
    document: IdiotGetUsersDocument,
    window: ({ query }) => ({ offset: query.offset ?? 0, limit: query.limit ?? Number.POSITIVE_INFINITY }),
    page: (connection) => connection,
    success: { status: 200, description: 'ok', body: PlainUser },
    item: plainUserOf,
    fails: [],
  }),
  row({
    operationId: 'getUserById',
    tag: 'user',
    summary: 'Get a user by id',
    method: 'GET',
    path: '/v1/users/:id',
    documented: true,
    params: z.object({ id: text.meta({ description: 'id of user to return' }) }),
    document: IdiotGetUserByIdDocument,
    variables: ({ params }) => params,
    success: { status: 200, description: 'ok', body: PlainUser },
    reply: plainUserOf,
    fails: ['NOT_FOUND'],
  }),
  row({
    operationId: 'deleteUserById',
    tag: 'user',
    summary: 'Delete a user by id',
    method: 'DELETE',
    path: '/v1/users/:id',
    documented: true,
    params: z.object({ id: text.meta({ description: 'id of user to delete' }) }),
    document: IdiotDeleteUserByIdDocument,
    variables: ({ params }) => ({ input: params }),
    success: { status: 200, description: 'ok', body: PlainUser },
    reply: ({ user }) => plainUserOf(user),
    fails: ['NOT_FOUND', 'FORBIDDEN', 'LAST_ADMIN', 'TOO_MANY_REQUESTS'],
  }),
  authLogin,
  row({
    operationId: 'authLogout',
    tag: 'auth',
    summary: 'Logout',
    method: 'POST',
    path: '/v1/auth/logout',
    documented: true,
    who: 'session',
    document: IdiotLogoutDocument,
    variables: () => ({}),
    success: { status: 200, description: 'ok', body: z.object({}) },
    reply: () => ({}),
    fails: [],
  }),
]

export const idiot = defineDialect({
  name: 'idiot',
  surface: 'idiot',
  title: 'iDIoT backend API',
  version: '0.0.1',
  description: 'iDIoT backend API',
  basePath: '/v1',
  tags: { user: 'Operations about user', auth: 'Operations about auth' },
  defaultResponse: 'unexpected error',
  mounts: [{ path: '/v1', rows, errors: idiotErrors, acceptsForms: false }],
})

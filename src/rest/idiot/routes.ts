/**
 * THE TABLE of `idiot`: the iDIoT backend API v0.0.1.
 */
import { defineDialect } from '../defineDialect.ts'
import type { Row } from '../dialect.ts'
import * as run from '../operations.ts'
import { del, get, list, nothing, paramsAsInput, post, replies, takes } from '../rows.ts'
import { login } from '../v1/login.ts'
import { PlainUser, plainUserOf } from '../v1/shapes.ts'
import { idiotErrors } from './errors.ts'
import { UserCreate, userId, Window } from './inputs.ts'
import * as shapes from './shapes.ts'
import { texts } from './texts.ts'

const { Nothing } = shapes
const authLogin: Row<'auth'> = { ...login, texts: texts.authLogin }

// biome-ignore format: a table is read by its columns
const rows = [
  post('/v1/users',       texts.createUser,     run.IdiotCreateUserDocument,
    takes({ body: UserCreate }, shapes.newUser), replies(PlainUser, shapes.changedUser), ['IDENTIFIER_REQUIRED', 'USERNAME_TAKEN']),
  list('/v1/users',       texts.getUsers,       run.IdiotGetUsersDocument, takes({ query: Window }, shapes.windowOf), replies(PlainUser, plainUserOf)),
  get('/v1/users/:id',    texts.getUserById,    run.IdiotGetUserByIdDocument,
    takes({ params: userId('id of user to return') }, ({ params }) => params), replies(PlainUser, plainUserOf)),
  del('/v1/users/:id',    texts.deleteUserById, run.IdiotDeleteUserByIdDocument,
    takes({ params: userId('id of user to delete') }, paramsAsInput), replies(PlainUser, shapes.changedUser)),
  authLogin,
  post('/v1/auth/logout', texts.authLogout,     run.IdiotLogoutDocument, nothing, replies(Nothing, shapes.loggedOut), ['INVALID_REFRESH_TOKEN'], { who: 'session' }),
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

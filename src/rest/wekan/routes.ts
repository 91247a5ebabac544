/**
 * THE TABLE of `wekan`: the Wekan REST API, users. Two mounts, because they differ in how they say what went wrong.
 */
import type { Config } from '../../config.ts'
import { defineDialect } from '../defineDialect.ts'
import type { Dialect } from '../dialect.ts'
import * as run from '../operations.ts'
import { bodyAsInput, del, get, list, nothing, paramsAsInput, post, put, replies, takes } from '../rows.ts'
import { accountErrors, apiErrors, apiErrorsAsOriginal } from './errors.ts'
import { Credentials, EditUser, Logout, NewUser, SignIn, userId } from './inputs.ts'
import * as shapes from './shapes.ts'
import { texts } from './texts.ts'

const { CreatedUser, DeletedUser, ListedUser, Message, OwnDocument, SignedIn, UserDocument } = shapes
const ALL = { offset: 0, limit: Number.POSITIVE_INFINITY }

// biome-ignore format: a table is read by its columns
const everywhere = post('/users/logout', texts.logoutEverywhere, run.WekanLogoutEverywhereDocument, nothing, replies(Message, shapes.signedOutEverywhere))

// biome-ignore format: a table is read by its columns
const accountRows = [
  post('/users/register', texts.register,       run.WekanRegisterDocument,
    takes({ body: Credentials }, bodyAsInput), replies(SignedIn, shapes.signedIn)),
  post('/users/login',    texts.login,          run.WekanLoginDocument,
    takes({ body: SignIn }, shapes.signIn), replies(SignedIn, shapes.signedIn)),
  post('/users/logout',   texts.logout,         run.WekanLogoutDocument,
    takes({ body: Logout }, () => ({}), { when: ({ body }) => body.all, row: everywhere }), replies(Message, shapes.signedOut), ['INVALID_REFRESH_TOKEN'], { who: 'session' }),
]

// biome-ignore format: a table is read by its columns
const apiRows = [
  post('/api/users',      texts.createUser,     run.WekanCreateUserDocument,
    takes({ body: NewUser }, bodyAsInput), replies(CreatedUser, shapes.createdUser), ['IDENTIFIER_REQUIRED'], { who: 'admin' }),
  list('/api/users',      texts.getAllUsers,    run.WekanGetAllUsersDocument,
    takes({}, () => ALL), replies(ListedUser, shapes.listedUser), [], { who: 'admin' }),
  get('/api/users/:id',   texts.getUser,        run.WekanGetUserDocument,
    takes({ params: userId('The id or the username of the user') }, shapes.idOrUsername), replies(UserDocument, shapes.wholeDocument),
    [], { who: 'admin' }),
  del('/api/users/:id',   texts.deleteUser,     run.WekanDeleteUserDocument,
    takes({ params: userId('The id of the user to delete.') }, paramsAsInput), replies(DeletedUser, shapes.deletedUser),
    [], { who: 'admin' }),
  put('/api/users/:id',   texts.editUser,       run.WekanSetLoginEnabledDocument,
    takes({ params: userId('The id of the user'), body: EditUser }, shapes.loginEnabled), replies(UserDocument, shapes.changedUser)),
  get('/api/user',        texts.getCurrentUser, run.WekanGetCurrentUserDocument, nothing, replies(OwnDocument, shapes.ownDocument)),
]

export const wekan = (config: Config): Dialect => {
  const token = config.WEKAN_QUERY_TOKEN ? { queryToken: 'access_token' } : {}
  const errors = config.WEKAN_ERROR_STATUS === '200' ? apiErrorsAsOriginal : apiErrors
  return defineDialect({
    name: 'wekan',
    surface: 'wekan',
    title: 'Wekan REST API',
    version: '1.0.0',
    description: 'Users of a Wekan board',
    tags: { Login: 'Sign-in and sign-out', Users: 'The users of the board' },
    mounts: [
      { path: '/users', rows: accountRows, errors: accountErrors, acceptsForms: true, ...token },
      { path: '/api', rows: apiRows, errors, acceptsForms: true, ...token },
    ],
  })
}

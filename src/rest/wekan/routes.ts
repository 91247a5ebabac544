/**
 * THE TABLE of `wekan`: the Wekan REST API, users. Two mounts, because they differ in how they say what went wrong.
 */
import { z } from 'zod'
import type { Config } from '../../config.ts'
import { storable, text } from '../../domain/base/input.ts'
import { defineDialect } from '../defineDialect.ts'
import { type Dialect, pagedRow, row } from '../dialect.ts'
import {
  WekanCreateUserDocument,
  WekanDeleteUserDocument,
  WekanGetAllUsersDocument,
  WekanGetCurrentUserDocument,
  WekanGetUserDocument,
  WekanLoginDocument,
  WekanLogoutDocument,
  WekanLogoutEverywhereDocument,
  WekanRegisterDocument,
  WekanSetLoginEnabledDocument,
} from '../operations.ts'
import { accountErrors, apiErrors, apiErrorsAsOriginal } from './errors.ts'
import {
  CreatedUser,
  DeletedUser,
  ListedUser,
  OwnDocument,
  ownDocument,
  SignedIn,
  signedIn,
  UserDocument,
  wholeDocument,
} from './shapes.ts'

const MATCH_FAILED = 'Match failed'
const string = z.string(MATCH_FAILED).refine(storable, MATCH_FAILED)
const nonEmpty = string.refine((value) => value !== '', MATCH_FAILED)
const orAbsent = string.optional().transform((value) => (value === '' ? undefined : value))
const credentials = z
  .object({
    username: orAbsent.meta({ description: 'Your username', example: 'myusername' }),
    email: orAbsent.meta({ description: 'Your email', example: 'my@email.com' }),
    password: nonEmpty.meta({ description: 'Your password', example: 'my$up3erP@ssw0rd' }),
  })
  .meta({ id: 'Credentials', description: 'A username or an e-mail address, and a password' })
/** As its document asks for: all three. */
const newUser = z
  .object({
    username: nonEmpty.meta({ description: 'Your username', example: 'myusername' }),
    email: nonEmpty.meta({ description: 'Your email', example: 'my@email.com' }),
    password: nonEmpty.meta({ description: 'Your password', example: 'my$up3erP@ssw0rd' }),
  })
  .meta({ id: 'NewUser' })
const idParams = (description: string) => z.object({ id: text.meta({ description, example: 'BsNr28znDkG8aeo7W' }) })

const ACTIONS = { disableLogin: false, enableLogin: true } as const
const action = nonEmpty
  .pipe(z.enum(['disableLogin', 'enableLogin'], 'Unknown action: it must be disableLogin or enableLogin'))
  .meta({ enum: ['disableLogin', 'enableLogin'], example: 'disableLogin' })

const logout = {
  tag: 'Login',
  summary: 'Sign out',
  method: 'POST',
  path: '/users/logout',
  documented: false,
  variables: () => ({}),
  success: { status: 200, description: 'Signed out', body: z.object({ message: z.string() }) },
  fails: [],
} as const

/** As Wekan reads it: true, 1, or such a word of a form; whatever else is sent does not ask for all. */
const isYes = (value: unknown): boolean =>
  value === true || value === 1 || (typeof value === 'string' && ['true', '1', 'yes'].includes(value.trim().toLowerCase()))

/** Text that cannot be stored is invalid here as everywhere. */
const isPlain = (value: unknown): boolean => typeof value !== 'string' || storable(value)

const accountRows = [
  row({
    operationId: 'register',
    tag: 'Login',
    summary: 'Register an account and sign in',
    method: 'POST',
    path: '/users/register',
    documented: true,
    body: credentials,
    document: WekanRegisterDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'Signed in', body: SignedIn },
    reply: ({ user, credentials: issued }) => signedIn(user, issued),
    fails: ['IDENTIFIER_REQUIRED', 'EMAIL_TAKEN', 'USERNAME_TAKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    operationId: 'login',
    tag: 'Login',
    summary: 'Sign in',
    method: 'POST',
    path: '/users/login',
    documented: true,
    body: credentials
      .extend({ code: orAbsent.meta({ description: 'A code of the second factor, where the account has one' }) })
      .refine(({ username, email }) => (username === undefined) !== (email === undefined), MATCH_FAILED),
    document: WekanLoginDocument,
    variables: ({ body }) => ({ input: { identifier: body.username ?? body.email ?? '', password: body.password, code: body.code } }),
    success: { status: 200, description: 'Signed in', body: SignedIn },
    reply: ({ user, credentials: issued }) => signedIn(user, issued),
    fails: ['BAD_CREDENTIALS', 'TWO_FACTOR_REQUIRED', 'INVALID_TWO_FACTOR_CODE', 'ACCOUNT_DISABLED', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  row({
    ...logout,
    operationId: 'logout',
    description: 'With `all`, every login token of the account ends; not with a personal access token.',
    who: 'session',
    body: z.object({
      all: z
        .unknown()
        .optional()
        .refine(isPlain, MATCH_FAILED)
        .transform(isYes)
        .meta({ description: 'true, 1, "true", "1" or "yes": everywhere', example: true }),
    }),
    document: WekanLogoutDocument,
    reply: () => ({ message: "You've been logged out!" }),
    instead: {
      when: ({ body }) => body.all,
      row: row({
        ...logout,
        document: WekanLogoutEverywhereDocument,
        reply: () => ({ message: 'All login tokens have been invalidated.' }),
      }),
    },
  }),
]

const apiRows = [
  row({
    operationId: 'create_user',
    tag: 'Users',
    summary: 'Create a user',
    method: 'POST',
    path: '/api/users',
    documented: true,
    who: 'admin',
    body: newUser,
    document: WekanCreateUserDocument,
    variables: ({ body }) => ({ input: body }),
    success: { status: 200, description: 'The id of the created user', body: CreatedUser },
    reply: ({ user }) => ({ _id: user.id, id: user.id }),
    fails: ['EMAIL_TAKEN', 'USERNAME_TAKEN', 'TOO_MANY_REQUESTS', 'OVERLOADED'],
  }),
  pagedRow({
    operationId: 'get_all_users',
    tag: 'Users',
    summary: 'Retrieve the user list',
    method: 'GET',
    path: '/api/users',
    documented: true,
    who: 'admin',
    document: WekanGetAllUsersDocument,
    window: () => ({ offset: 0, limit: Number.POSITIVE_INFINITY }),
    page: (connection) => connection,
    success: {
      status: 200,
      description: 'All users',
      body: ListedUser,
    },
    item: ({ id, username }) => ({ _id: id, username }),
    fails: [],
  }),
  row({
    operationId: 'get_user',
    tag: 'Users',
    summary: 'Retrieve information about a user',
    description: 'By id or username.',
    method: 'GET',
    path: '/api/users/:id',
    documented: true,
    who: 'admin',
    params: idParams('The id or the username of the user'),
    document: WekanGetUserDocument,
    variables: ({ params: { id } }) => ({ id, username: id }),
    success: { status: 200, description: 'The user', body: UserDocument },
    reply: wholeDocument,
    fails: ['NOT_FOUND'],
  }),
  row({
    operationId: 'delete_user',
    tag: 'Users',
    summary: 'Delete a user',
    method: 'DELETE',
    path: '/api/users/:id',
    documented: true,
    who: 'admin',
    params: idParams('The id of the user to delete.'),
    document: WekanDeleteUserDocument,
    variables: ({ params }) => ({ input: params }),
    success: { status: 200, description: 'The id of the deleted user', body: DeletedUser },
    reply: ({ user }) => ({ _id: user.id }),
    fails: ['NOT_FOUND', 'FORBIDDEN', 'LAST_ADMIN', 'TOO_MANY_REQUESTS'],
  }),
  row({
    operationId: 'edit_user',
    tag: 'Users',
    summary: 'Disable or enable the login of a user',
    method: 'PUT',
    path: '/api/users/:id',
    documented: true,
    params: idParams('The id of the user'),
    body: z.object({ action }),
    document: WekanSetLoginEnabledDocument,
    variables: ({ params, body }) => ({ input: { id: params.id, enabled: ACTIONS[body.action] } }),
    success: { status: 200, description: 'The user after the change', body: UserDocument },
    reply: ({ user }) => wholeDocument(user),
    fails: ['NOT_FOUND', 'OWN_ACCOUNT', 'LAST_ADMIN', 'TOO_MANY_REQUESTS'],
  }),
  row({
    operationId: 'get_current_user',
    tag: 'Users',
    summary: 'Retrieve information about the logged-in user',
    method: 'GET',
    path: '/api/user',
    documented: true,
    document: WekanGetCurrentUserDocument,
    variables: () => ({}),
    success: { status: 200, description: 'The own user, without `services`', body: OwnDocument },
    reply: ownDocument,
    fails: [],
  }),
]

export const wekan = (config: Config): Dialect => {
  const token = config.WEKAN_QUERY_TOKEN ? { queryToken: 'access_token' } : {}
  return defineDialect({
    name: 'wekan',
    surface: 'wekan',
    title: 'Wekan REST API',
    version: '1.0.0',
    description: 'Users of a Wekan board',
    tags: { Login: 'Sign-in and sign-out', Users: 'The users of the board' },
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
  })
}

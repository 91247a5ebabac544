/**
 * What the OpenAPI document of `idiot` prints of each route.
 */
import { scopes } from '../../domain/base/scopes.ts'

export const texts = {
  createUser: {
    operationId: 'createUser',
    tag: 'user',
    summary: 'Create a user',
    descriptions: { body: 'Create a new user' },
    success: 'ok',
  },
  getUsers: { operationId: 'getUsers', tag: 'user', summary: 'Get all users', success: 'ok' },
  getUserById: { operationId: 'getUserById', tag: 'user', summary: 'Get a user by id', success: 'ok' },
  deleteUserById: { operationId: 'deleteUserById', tag: 'user', summary: 'Delete a user by id', success: 'ok' },
  authLogin: {
    operationId: 'authLogin',
    tag: 'auth',
    summary: 'Login',
    description: `A token may hold these scopes: ${scopes.join(' ')}`,
    success: 'ok',
  },
  authLogout: { operationId: 'authLogout', tag: 'auth', summary: 'Logout', success: 'ok' },
} as const

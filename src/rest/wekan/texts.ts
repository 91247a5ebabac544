/**
 * What the OpenAPI document of `wekan` prints of each route.
 */
export const texts = {
  register: { operationId: 'register', tag: 'Login', summary: 'Register an account and sign in', success: 'Signed in' },
  login: { operationId: 'login', tag: 'Login', summary: 'Sign in', success: 'Signed in' },
  logout: {
    operationId: 'logout',
    tag: 'Login',
    summary: 'Sign out',
    description: 'With `all`, every login token of the account ends; not with a personal access token.',
    success: 'Signed out',
    documented: false,
  },
  logoutEverywhere: { tag: 'Login', summary: 'Sign out', success: 'Signed out', documented: false },
  createUser: { operationId: 'create_user', tag: 'Users', summary: 'Create a user', success: 'The id of the created user' },
  getAllUsers: { operationId: 'get_all_users', tag: 'Users', summary: 'Retrieve the user list', success: 'All users' },
  getUser: {
    operationId: 'get_user',
    tag: 'Users',
    summary: 'Retrieve information about a user',
    description: 'By id or username.',
    success: 'The user',
  },
  deleteUser: { operationId: 'delete_user', tag: 'Users', summary: 'Delete a user', success: 'The id of the deleted user' },
  editUser: {
    operationId: 'edit_user',
    tag: 'Users',
    summary: 'Disable or enable the login of a user',
    success: 'The user after the change',
  },
  getCurrentUser: {
    operationId: 'get_current_user',
    tag: 'Users',
    summary: 'Retrieve information about the logged-in user',
    success: 'The logged-in user, without `services`',
  },
} as const

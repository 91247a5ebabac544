/**
 * What the OpenAPI document of `authentication` prints of each route. The original has no operation ids.
 */
export const texts = {
  welcome: { operationId: 'welcome', summary: 'Welcome authenticated user', success: 'Welcome message with user information' },
  register: {
    operationId: 'register',
    summary: 'Register a new user',
    success: 'User registered successfully',
    descriptions: { 400: 'Bad request (validation error)' },
  },
  login: { operationId: 'login', summary: 'User login', success: 'Login successful' },
  logout: { operationId: 'logout', summary: 'User logout', success: 'Logout successful' },
  refreshTokens: { operationId: 'refreshTokens', summary: 'Refresh access tokens', success: 'Tokens refreshed successfully' },
  forgotPassword: {
    operationId: 'forgotPassword',
    summary: 'Ask for a link to reset the password',
    success: 'A link was sent, if there is such an account',
    documented: false,
  },
  resetPassword: { operationId: 'resetPassword', summary: 'Reset user password', success: 'Password reset successful' },
} as const

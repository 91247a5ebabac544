/**
 * What the OpenAPI document of `authentication` prints of each route.
 */
export const texts = {
  welcome: { summary: 'Welcome authenticated user', success: 'Welcome message with user information' },
  register: {
    summary: 'Register a new user',
    success: 'User registered successfully',
    descriptions: { 400: 'Bad request (validation error)' },
  },
  login: { summary: 'User login', success: 'Login successful' },
  logout: { summary: 'User logout', success: 'Logout successful' },
  refreshTokens: { summary: 'Refresh access tokens', success: 'Tokens refreshed successfully' },
  forgotPassword: {
    summary: 'Ask for a link to reset the password',
    success: 'A link was sent, if there is such an account',
    documented: false,
  },
  resetPassword: { summary: 'Reset user password', success: 'Password reset successful' },
} as const

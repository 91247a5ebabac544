/**
 * What the OpenAPI document of `xiot` prints of each route.
 */
export const texts = {
  signup: { operationId: 'PostNewUser', tag: 'Authentication', summary: 'Create a new user', success: 'The account was created' },
  verifyTotp: {
    operationId: 'VerifyTOTP',
    tag: 'Authentication',
    summary: 'Finish a sign-in with a second factor',
    description: 'Only if the two factor authentication is enabled.',
    success: 'Signed in',
  },
  getProfile: { operationId: 'GetUserProfile', tag: 'Profile', summary: 'Get the profile of the user', success: 'The profile' },
  updateProfile: {
    operationId: 'UpdateProfile',
    tag: 'Profile',
    summary: 'Update the profile of the user',
    success: 'The profile was updated',
  },
  changePassword: {
    operationId: 'ChangePassword',
    tag: 'Security',
    summary: 'Change logged in user’s password',
    success: 'The password was changed',
  },
  forgetPassword: {
    operationId: 'ForgetPassword',
    tag: 'Security',
    summary: 'Ask for a link to reset the password',
    success: 'A link was sent',
  },
  resetPassword: {
    operationId: 'ResetPassword',
    tag: 'Security',
    summary: 'Reset the password with the token of the link',
    success: 'The password was reset',
    documented: false,
  },
  enableTwoFactor: {
    operationId: 'EnableTwoFactorAuth',
    tag: 'Security',
    summary: 'Enable two factor authentication',
    success: 'Two factor authentication is on; the secret and the recovery codes are shown this once',
  },
  disableTwoFactor: {
    operationId: 'DisableTwoFactorAuth',
    tag: 'Security',
    summary: 'Disable two factor authentication',
    description: 'A code or the password, when sent, is checked.',
    success: 'Two factor authentication is off',
  },
  changeEmail: { operationId: 'ChangeEmail', tag: 'Account', summary: 'Change the e-mail address', success: 'The address was changed' },
} as const

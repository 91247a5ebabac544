/**
 * The GraphQL documents of the pages. A server that runs only persisted documents accepts these too, so that links in mails keep
 * working.
 */
export const pageDocuments = {
  checkMailToken:
    'mutation($input: CheckMailTokenInput!) { checkMailToken(input: $input) { __typename ... on CheckMailTokenSuccess { signInName } ... on Error { code message fieldErrors { field message } } } }',
  requestPasswordReset:
    'mutation($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
  resetPassword:
    'mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
  confirmEmail:
    'mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
  disownEmail:
    'mutation($input: DisownEmailInput!) { disownEmail(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
  undoAccountChange:
    'mutation($input: UndoAccountChangeInput!) { undoAccountChange(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
} as const

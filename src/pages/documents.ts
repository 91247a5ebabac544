/**
 * What the pages ask GraphQL, as text. A server that runs only documents it knows counts these among them: the links of mails have to
 * go on.
 */
export const pageDocuments = {
  resetPassword:
    'mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
  confirmEmail:
    'mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }',
} as const

/**
 * GET /confirm-email: where the link leads that shows an address to be one's own, be it new or that of the account. Opening it
 * spends nothing; a press of the button posts the token to GraphQL's `confirmEmail`.
 */
import { buttonPage } from './buttonPage.ts'
import { pageDocuments } from './documents.ts'
import { page } from './page.ts'

export const confirmEmailPage = page('confirmEmail', ({ confirmEmail }) =>
  buttonPage(confirmEmail, pageDocuments.confirmEmail, 'ConfirmEmailSuccess'),
)

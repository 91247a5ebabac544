/**
 * GET /confirm-email: the page of the link that confirms an e-mail address. Opening it does not use the token up; the button posts
 * it to `confirmEmail`.
 */
import { buttonPage } from './buttonPage.ts'
import { pageDocuments } from './pageDocuments.ts'
import { page } from './pageFrame.ts'

export const confirmEmailPage = page('confirmEmail', ({ confirmEmail }) =>
  buttonPage(confirmEmail, pageDocuments.confirmEmail, 'ConfirmEmailSuccess'),
)

/**
 * GET /disown-email: the page of the second link in a verification mail, for a reader who did not create the account. Opening it
 * does not use the token up; the button posts it to `disownEmail`.
 */
import { buttonPage } from './buttonPage.ts'
import { pageDocuments } from './pageDocuments.ts'
import { page } from './pageFrame.ts'

export const disownEmailPage = page('disownEmail', ({ disownEmail }) =>
  buttonPage(disownEmail, pageDocuments.disownEmail, 'DisownEmailSuccess'),
)

/**
 * GET /disown-email: where the other link of a verification mail leads, for who did not make the account. Opening it spends nothing; a
 * press of the button posts the token to GraphQL's `disownEmail`.
 */
import { buttonPage } from './buttonPage.ts'
import { pageDocuments } from './documents.ts'
import { page } from './page.ts'

export const disownEmailPage = page('disownEmail', ({ disownEmail }) =>
  buttonPage(disownEmail, pageDocuments.disownEmail, 'DisownEmailSuccess'),
)

/**
 * GET /reset-password: where the link of a reset mail leads. Opening it spends nothing; the new password is posted to
 * GraphQL's `resetPassword` with the token from the fragment. Where the link is dead, a new one can be asked for.
 */
import { againForm, againScript } from './againForm.ts'
import { pageDocuments } from './documents.ts'
import { page } from './page.ts'
import { passwordForm, passwordScript } from './passwordForm.ts'

export const resetPasswordPage = page('resetPassword', (texts) => ({
  body: `${passwordForm(texts, texts.resetPassword.submit)}\n${againForm(texts)}`,
  script: passwordScript(pageDocuments.resetPassword, 'ResetPasswordSuccess') + againScript,
}))

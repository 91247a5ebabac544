/**
 * GET /reset-password: the page of the link in a reset mail. Opening it does not use the token up; the form posts the new password
 * to `resetPassword` with the token from the fragment. If the link is invalid, a new one can be requested.
 */
import { againForm, againScript } from './againForm.ts'
import { pageDocuments } from './pageDocuments.ts'
import { page } from './pageFrame.ts'
import { passwordForm, passwordScript } from './passwordForm.ts'

export const resetPasswordPage = page('resetPassword', (texts) => ({
  body: `${passwordForm(texts, texts.resetPassword.submit)}\n${againForm(texts)}`,
  script: passwordScript(pageDocuments.resetPassword, 'ResetPasswordSuccess') + againScript,
}))

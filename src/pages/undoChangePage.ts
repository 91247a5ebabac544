/**
 * GET /undo-change: the page of the undo link about a change that took effect at once. Opening it does not use the token up; the
 * form posts a new password to `undoAccountChange` with the token from the fragment. If the link is invalid, a reset link can be
 * requested.
 */
import { againForm, againScript } from './againForm.ts'
import { pageDocuments } from './pageDocuments.ts'
import { page } from './pageFrame.ts'
import { passwordForm, passwordScript } from './passwordForm.ts'

export const undoChangePage = page('undoChange', (texts) => ({
  body: `${passwordForm(texts, texts.undoChange.submit, texts.undoChange.prompt)}\n${againForm(texts)}`,
  script: passwordScript(pageDocuments.undoAccountChange, 'UndoAccountChangeSuccess') + againScript,
}))

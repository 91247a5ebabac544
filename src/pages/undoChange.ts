/**
 * GET /undo-change: where the link of a mail leads that tells of a change which counted at once. Opening it spends nothing; a new password
 * is posted to GraphQL's `undoAccountChange` with the token from the fragment. Where the link is dead, a link to reset the password can be
 * asked for.
 */
import { againForm, againScript } from './againForm.ts'
import { pageDocuments } from './documents.ts'
import { page } from './page.ts'
import { passwordForm, passwordScript } from './passwordForm.ts'

export const undoChangePage = page('undoChange', (texts) => ({
  body: `${passwordForm(texts, texts.undoChange.submit, texts.undoChange.prompt)}\n${againForm(texts)}`,
  script: passwordScript(pageDocuments.undoAccountChange, 'UndoAccountChangeSuccess') + againScript,
}))

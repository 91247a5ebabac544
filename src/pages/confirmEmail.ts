/**
 * GET /confirm-email: where the link leads that shows an address to be one's own, be it new or that of the account. Opening it
 * spends nothing, as mail scanners open every link; a press of the button posts the token from the fragment to GraphQL's
 * `confirmEmail`.
 */
import { pageDocuments } from './documents.ts'
import { type PageContent, page } from './page.ts'
import type { PageTexts } from './texts.ts'

const content = ({ confirmEmail: texts }: PageTexts): PageContent => ({
  title: texts.title,
  body: `<form id="form" method="post" hidden>
<p>${texts.prompt}</p>
<button id="submit" class="main" type="submit">${texts.submit}</button>
</form>`,
  script: `
const MUTATION = ${JSON.stringify(pageDocuments.confirmEmail)}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  run(MUTATION, { token }, 'ConfirmEmailSuccess', (failure) => {
    if (failure === null) finish(TEXTS.confirmEmail.done)
    else sayFailure(failure)
  })
})
`,
})

export const confirmEmailPage = page(content)

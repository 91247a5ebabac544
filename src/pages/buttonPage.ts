/** A page with one button that posts the token from the fragment. Mail scanners open links, but do not press buttons. */
import type { PageContent } from './pageFrame.ts'
import type { ActionTexts } from './pageTexts.ts'

export const buttonPage = (texts: ActionTexts & { readonly prompt: string }, mutation: string, success: string): PageContent => ({
  body: `<form id="form" method="post" hidden>
<p>${texts.prompt}</p>
<button id="submit" class="main" type="submit">${texts.submit}</button>
</form>`,
  script: `
const MUTATION = ${JSON.stringify(mutation)}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  run(MUTATION, { token }, ${JSON.stringify(success)}, (failure) => {
    if (failure === null) finish(OWN.done)
    else sayFailure(failure)
  })
})
`,
})

/**
 * The form on a page whose link is invalid: it requests a new reset link for an address. The answer is the same whether or not an
 * account has the address.
 */
import { pageDocuments } from './pageDocuments.ts'
import type { PageTexts } from './pageTexts.ts'

export const againForm = ({ again: texts }: PageTexts): string => `<form id="again" method="post" novalidate hidden>
<p>${texts.prompt}</p>
<label for="email">${texts.label}</label>
<div class="field">
<input id="email" type="email" dir="ltr" autocomplete="email" autocapitalize="none" spellcheck="false" aria-describedby="email-error">
</div>
<p class="error" id="email-error" role="alert"></p>
<button id="ask" class="main" type="submit">${texts.submit}</button>
</form>`

export const againScript = `
const email = byId('email')
const ASK = ${JSON.stringify(pageDocuments.requestPasswordReset)}

const blameAddress = (text) => {
  byId('email-error').textContent = text
  email.setAttribute('aria-invalid', String(text !== ''))
  if (text !== '') email.focus()
}

again.addEventListener('submit', (event) => {
  event.preventDefault()
  blameAddress('')
  if (email.value.trim() === '') return blameAddress(TEXTS.again.empty)
  run(ASK, { email: email.value }, 'RequestPasswordResetSuccess', (failure) => {
    if (failure === null) return finish(TEXTS.again.done)
    if (failure.code !== 'INVALID_INPUT') return sayFailure(failure)
    say('', '')
    blameAddress(TEXTS.again.empty)
  }, byId('ask'))
})
`

/**
 * GET /reset-password: where the link of a reset mail leads. Opening it spends nothing; the new password is posted to
 * GraphQL's `resetPassword` with the token from the fragment. What the server says against the password stands at the
 * field. Made for password managers: one `new-password` field that can be shown, and no rule against pasting.
 */
import { pageDocuments } from './documents.ts'
import { type PageContent, page } from './page.ts'
import type { PageTexts } from './texts.ts'

const body = (texts: PageTexts['resetPassword']) => `<form id="form" method="post" novalidate hidden>
<label for="password">${texts.label}</label>
<p class="hint" id="hint">${texts.hint}</p>
<div class="field">
<input id="password" type="password" dir="auto" autocomplete="new-password" autocapitalize="none" spellcheck="false" aria-describedby="hint password-error">
<button id="show" type="button" aria-controls="password" aria-label="${texts.showPassword}">${texts.show}</button>
</div>
<p class="error" id="password-error" role="alert"></p>
<button id="submit" class="main" type="submit">${texts.submit}</button>
</form>`

const script = `
const OWN = TEXTS.resetPassword
const password = byId('password')
const show = byId('show')
const MUTATION = ${JSON.stringify(pageDocuments.resetPassword)}

const blame = (text) => {
  byId('password-error').textContent = text
  password.setAttribute('aria-invalid', String(text !== ''))
  if (text !== '') password.focus()
}

const passwordProblems = (failure) => {
  const problems = (failure.fieldErrors || []).filter(({ field }) => /password$/i.test(field))
  return [...new Set(problems.map(({ message }) => withReason(OWN.refused, message)))].join(' ')
}

const onResult = (failure) => {
  if (failure === null) {
    password.value = ''
    return finish(OWN.done)
  }
  const problems = passwordProblems(failure)
  if (problems === '') return sayFailure(failure)
  say('', '')
  blame(problems)
}

const reveal = (shown) => {
  password.type = shown ? 'text' : 'password'
  show.textContent = shown ? OWN.hide : OWN.show
  show.setAttribute('aria-label', shown ? OWN.hidePassword : OWN.showPassword)
}

show.addEventListener('click', () => reveal(password.type === 'password'))

form.addEventListener('submit', (event) => {
  event.preventDefault()
  blame('')
  if (password.value === '') return blame(OWN.empty)
  reveal(false)
  run(MUTATION, { token, newPassword: password.value }, 'ResetPasswordSuccess', onResult)
})
`

const content = ({ resetPassword: texts }: PageTexts): PageContent => ({ title: texts.title, body: body(texts), script })

export const resetPasswordPage = page(content)

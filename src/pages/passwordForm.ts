/**
 * The form for a new password. The server's objections are shown at the field. It suits password managers: one `new-password` field
 * whose text can be shown, pasting allowed, and a hidden field with the username.
 */
import type { PageTexts } from './pageTexts.ts'

export const passwordForm = (
  { password: texts }: PageTexts,
  submit: string,
  prompt = '',
): string => `<form id="form" method="post" novalidate hidden>
${prompt === '' ? '' : `<p>${prompt}</p>\n`}<input id="username" class="unseen" type="text" autocomplete="username" readonly tabindex="-1" aria-hidden="true">
<label for="password">${texts.label}</label>
<p class="hint" id="hint">${texts.hint}</p>
<div class="field">
<input id="password" type="password" dir="auto" autocomplete="new-password" autocapitalize="none" spellcheck="false" aria-describedby="hint password-error">
<button id="show" type="button" aria-controls="password" aria-label="${texts.showPassword}">${texts.show}</button>
</div>
<p class="error" id="password-error" role="alert"></p>
<button id="submit" class="main" type="submit">${submit}</button>
</form>`

/** Posts token and password to `mutation`. */
export const passwordScript = (mutation: string, success: string): string => `
const FIELD = TEXTS.password
const password = byId('password')
const reveals = byId('show')
const MUTATION = ${JSON.stringify(mutation)}

const blame = (text) => {
  byId('password-error').textContent = text
  password.setAttribute('aria-invalid', String(text !== ''))
  if (text !== '') password.focus()
}

const passwordProblems = (failure) => {
  const problems = (failure.fieldErrors || []).filter(({ field }) => /password$/i.test(field))
  return [...new Set(problems.map(({ message }) => withReason(FIELD.refused, message)))].join(' ')
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
  reveals.textContent = shown ? FIELD.hide : FIELD.show
  reveals.setAttribute('aria-label', shown ? FIELD.hidePassword : FIELD.showPassword)
}

reveals.addEventListener('click', () => reveal(password.type === 'password'))

form.addEventListener('submit', (event) => {
  event.preventDefault()
  blame('')
  if (password.value === '') return blame(FIELD.empty)
  reveal(false)
  run(MUTATION, { token, newPassword: password.value }, ${JSON.stringify(success)}, onResult)
})
`

/**
 * GET /reset-password: where the link of a reset mail leads. Opening it spends nothing; the new password is posted to
 * GraphQL's `resetPassword` with the token from the fragment. What the server says against the password stands at the
 * field. Made for password managers: one `new-password` field that can be shown, and no rule against pasting.
 */
import { page } from './page.ts'

const body = `<form id="form" method="post" novalidate hidden>
<label for="password">New password</label>
<p class="hint" id="hint">At least 8 characters. A few unrelated words make a good one.</p>
<div class="field">
<input id="password" type="password" autocomplete="new-password" autocapitalize="none" spellcheck="false" aria-describedby="hint password-error">
<button id="show" type="button" aria-controls="password" aria-label="Show password">Show</button>
</div>
<p class="error" id="password-error" role="alert"></p>
<button id="submit" class="main" type="submit">Set new password</button>
</form>`

const script = `
const password = byId('password')
const show = byId('show')
const MUTATION = 'mutation($input: ResetPasswordInput!) { resetPassword(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }'

const blame = (text) => {
  byId('password-error').textContent = text
  password.setAttribute('aria-invalid', String(text !== ''))
  if (text !== '') password.focus()
}

const passwordProblems = (failure) => (failure.fieldErrors || [])
  .filter(({ field }) => /password$/i.test(field))
  .map(({ message }) => 'The password ' + message + '.')
  .join(' ')

const onResult = (failure) => {
  if (failure === null) {
    password.value = ''
    return finish('Your password is changed. You can close this page and sign in with the new one.')
  }
  const problems = passwordProblems(failure)
  if (problems === '') return sayFailure(failure)
  say('', '')
  blame(problems)
}

const reveal = (shown) => {
  password.type = shown ? 'text' : 'password'
  show.textContent = shown ? 'Hide' : 'Show'
  show.setAttribute('aria-label', show.textContent + ' password')
}

show.addEventListener('click', () => reveal(password.type === 'password'))

form.addEventListener('submit', (event) => {
  event.preventDefault()
  blame('')
  if (password.value === '') return blame('Please type a new password.')
  reveal(false)
  run(MUTATION, { token, newPassword: password.value }, 'ResetPasswordSuccess', onResult)
})
`

export const resetPasswordPage = page({ title: 'Choose a new password', body, script })

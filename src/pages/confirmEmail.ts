/**
 * GET /confirm-email: where the link of a confirmation mail leads. Opening it spends nothing, as mail scanners open every
 * link; a press of the button posts the token from the fragment to GraphQL's `confirmEmail`.
 */
import { page } from './page.ts'

const body = `<form id="form" method="post" hidden>
<p>Press the button to confirm that this e-mail address is yours.</p>
<button id="submit" class="main" type="submit">Confirm e-mail address</button>
</form>`

const script = `
const MUTATION = 'mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { __typename ... on Error { code message fieldErrors { field message } } } }'

form.addEventListener('submit', (event) => {
  event.preventDefault()
  run(MUTATION, { token }, 'ConfirmEmailSuccess', (failure) => {
    if (failure === null) finish('Your e-mail address is confirmed. You can close this page.')
    else sayFailure(failure)
  })
})
`

export const confirmEmailPage = page({ title: 'Confirm your e-mail address', body, script })

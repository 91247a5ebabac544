/**
 * The part of the page script that both pages share, as text for the browser.
 *
 * The token comes in the URL's fragment, which no server and no log sees, and is dropped from the address bar at once. A
 * page that stays open takes a second link as well (only the fragment changes, so nothing is loaded). GraphQL is asked at
 * `graphql` beside the page's own path, whatever prefix a proxy put in front. Every answer ends in one line for people.
 */
export const clientScript = `
'use strict'
const byId = (id) => document.getElementById(id)
const form = byId('form')
const submit = byId('submit')
let token = null

const say = (kind, text) => {
  const status = byId('status')
  status.dataset.kind = kind
  status.textContent = text
}

const takeToken = () => {
  const found = new URLSearchParams(location.hash.slice(1)).get('token')
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search)
  if (found) token = found
  form.hidden = !token
  if (!token) return say('bad', 'This link is not complete. Please open the link in the mail again, or copy all of it.')
  say('', '')
  form.querySelector('input')?.focus()
}

const endpoint = () => {
  const here = new URL(location.href)
  here.pathname = here.pathname.replace(/\\/+$/, '')
  return new URL('graphql', here).href.split(/[?#]/)[0]
}

const REFUSALS = { 429: 'TOO_MANY_REQUESTS', 503: 'OVERLOADED' }

const ask = async (query, input) => {
  const response = await fetch(endpoint(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query, variables: { input } }),
    credentials: 'omit',
    cache: 'no-store',
  })
  if (REFUSALS[response.status]) return { code: REFUSALS[response.status] }
  const { data } = await response.json()
  return data ? Object.values(data)[0] : null
}

const STALE = 'This link is not valid any more: it was used, it is too old, or a newer one was sent. Please ask for a new one.'
const MESSAGES = {
  INVALID_MAIL_TOKEN: STALE,
  INVALID_INPUT: STALE,
  TOO_MANY_REQUESTS: 'There were too many attempts. Please wait a few minutes and try again.',
  OVERLOADED: 'The server is busy. Please try again in a moment.',
  ACCOUNT_DISABLED: 'This account is disabled. Please ask an administrator.',
}

const FAILED = 'Something went wrong on the server. Please try again later.'
const UNREACHABLE = 'The server could not be reached. Please check your connection and try again.'

let busy = false
const run = async (query, input, success, onResult) => {
  if (busy) return
  busy = true
  submit.setAttribute('aria-disabled', 'true')
  say('', 'One moment…')
  try {
    const result = await ask(query, input)
    if (result && result.__typename === success) onResult(null)
    else if (result && result.code) onResult(result)
    else say('bad', FAILED)
  } catch (error) {
    say('bad', error instanceof SyntaxError ? FAILED : UNREACHABLE)
  } finally {
    busy = false
    submit.removeAttribute('aria-disabled')
  }
}

const sayFailure = (failure) => say('bad', MESSAGES[failure.code] || failure.message)

const finish = (text) => {
  token = null
  form.hidden = true
  say('good', text)
  byId('status').focus()
}

addEventListener('hashchange', () => { if (location.hash.includes('token=')) takeToken() })
takeToken()
`.trim()

/**
 * The script that all pages share, as text for the browser, with the texts of one language.
 *
 * The token is in the URL's fragment, which browsers do not send, so no log has it; the script removes it from the address bar at
 * once. An open page also accepts a second link, which changes only the fragment. GraphQL is called at `graphql` beside the page's
 * path, whatever prefix a proxy adds. The token is checked first, which does not use it up, so that an invalid link is reported
 * before anything is typed; if that fails, the form is shown. Every result is one line for people.
 */
import { pageDocuments } from './pageDocuments.ts'
import type { PageName, PageTexts } from './pageTexts.ts'

/** The use of a token, as a value of `MailTokenUse`. */
const uses: Readonly<Record<PageName, string>> = {
  resetPassword: 'RESET_PASSWORD',
  confirmEmail: 'CONFIRM_EMAIL',
  disownEmail: 'DISOWN_EMAIL',
  undoChange: 'UNDO_ACCOUNT_CHANGE',
}

export const clientScript = (texts: PageTexts, page: PageName): string =>
  `
'use strict'
const TEXTS = ${JSON.stringify(texts).replaceAll('<', '\\u003c')}
const OWN = TEXTS.${page}
const CHECK = ${JSON.stringify(pageDocuments.checkMailToken)}
const byId = (id) => document.getElementById(id)
const form = byId('form')
const again = byId('again')
let token = null

const say = (kind, text) => {
  const status = byId('status')
  status.dataset.kind = kind
  status.textContent = text
}

const show = (element, shown) => { if (element) element.hidden = !shown }

const endpoint = () => {
  const here = new URL(location.href)
  here.pathname = here.pathname.replace(/\\/+$/, '')
  return new URL('graphql', here).href.split(/[?#]/)[0]
}

const REFUSALS = { 429: 'TOO_MANY_REQUESTS', 503: 'OVERLOADED' }

const ask = async (query, input, signal) => {
  const response = await fetch(endpoint(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json, application/json' },
    body: JSON.stringify({ query, variables: { input } }),
    credentials: 'omit',
    cache: 'no-store',
    signal,
  })
  if (REFUSALS[response.status]) return { code: REFUSALS[response.status] }
  const { data } = await response.json()
  return data ? Object.values(data)[0] : null
}

const isDead = (failure) => failure.code === 'INVALID_MAIL_TOKEN' || failure.code === 'INVALID_INPUT'

const sayDead = () => {
  token = null
  show(form, false)
  show(again, true)
  show(byId('onward'), true)
  say('bad', OWN.dead)
}

const open = (signInName) => {
  show(form, true)
  say('', '')
  const name = byId('username')
  if (name) name.value = signInName || ''
  form.querySelector('input:not([tabindex])')?.focus()
}

const check = async (checked) => {
  const result = await ask(CHECK, { token: checked, use: '${uses[page]}' }, AbortSignal.timeout(5000)).catch(() => null)
  if (token !== checked) return
  if (result && isDead(result)) sayDead()
  else open(result && result.signInName)
}

const takeToken = () => {
  const found = new URLSearchParams(location.hash.slice(1)).get('token')
  if (location.hash !== '') history.replaceState(null, '', location.pathname + location.search)
  if (found) token = found
  for (const part of [form, again, byId('onward')]) show(part, false)
  if (!token) return say('bad', TEXTS.incomplete)
  say('', TEXTS.wait)
  check(token)
}

let busy = false
const run = async (query, input, success, onResult, button = byId('submit')) => {
  if (busy) return
  busy = true
  button.setAttribute('aria-disabled', 'true')
  say('', TEXTS.wait)
  try {
    const result = await ask(query, input)
    if (result && result.__typename === success) onResult(null)
    else if (result && result.code) onResult(result)
    else say('bad', TEXTS.failed)
  } catch (error) {
    say('bad', error instanceof SyntaxError ? TEXTS.failed : TEXTS.unreachable)
  } finally {
    busy = false
    button.removeAttribute('aria-disabled')
  }
}

const withReason = (text, reason) => text.replace('{reason}', () => reason)
const sayFailure = (failure) => {
  if (isDead(failure)) sayDead()
  else say('bad', TEXTS.failures[failure.code] || withReason(TEXTS.refused, failure.message))
}

const finish = (text) => {
  token = null
  for (const part of [form, again]) show(part, false)
  show(byId('onward'), true)
  say('good', text)
  byId('status').focus()
}

addEventListener('hashchange', () => { if (location.hash.includes('token=')) takeToken() })
takeToken()
`.trim()

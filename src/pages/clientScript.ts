/**
 * The part of the page script that both pages share, as text for the browser, with all texts of one language in it.
 *
 * The token comes in the URL's fragment, which no server and no log sees, and is dropped from the address bar at once. A
 * page that stays open takes a second link as well (only the fragment changes, so nothing is loaded). GraphQL is asked at
 * `graphql` beside the page's own path, whatever prefix a proxy put in front. Every answer ends in one line for people.
 */
import type { PageTexts } from './texts.ts'

export const clientScript = (texts: PageTexts): string =>
  `
'use strict'
const TEXTS = ${JSON.stringify(texts).replaceAll('<', '\\u003c')}
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
  if (!token) return say('bad', TEXTS.incomplete)
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

const MESSAGES = { ...TEXTS.failures, INVALID_INPUT: TEXTS.failures.INVALID_MAIL_TOKEN }

let busy = false
const run = async (query, input, success, onResult) => {
  if (busy) return
  busy = true
  submit.setAttribute('aria-disabled', 'true')
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
    submit.removeAttribute('aria-disabled')
  }
}

const withReason = (text, reason) => text.replace('{reason}', () => reason)
const sayFailure = (failure) => say('bad', MESSAGES[failure.code] || withReason(TEXTS.refused, failure.message))

const finish = (text) => {
  token = null
  form.hidden = true
  say('good', text)
  byId('status').focus()
}

addEventListener('hashchange', () => { if (location.hash.includes('token=')) takeToken() })
takeToken()
`.trim()

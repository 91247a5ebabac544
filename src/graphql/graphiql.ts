/**
 * GraphiQL, served without any other host, with example tabs that work as they are. In their headers, `$TOKEN` is replaced by the
 * access token of the last sign-up or sign-in on the page, which is kept in the page's memory only. A token of any other surface can
 * be pasted instead. Every request has the header that cookie sessions need.
 */
import type { GraphiQLOptions } from 'graphql-yoga'
import { sampleDocuments } from './sampleDocuments.ts'

const headers = JSON.stringify({ authorization: 'Bearer $TOKEN' }, null, 2)
export const graphiqlOptions: GraphiQLOptions = {
  title: 'Vestibule',
  defaultHeaders: headers,
  shouldPersistHeaders: false,
  // All tabs have the same headers: GraphiQL shows the default headers in the first tab, and after a reload in every tab, whatever a tab has.
  // No variables: GraphiQL sends those of a tab only after its variables editor was opened.
  defaultTabs: sampleDocuments.map((query) => ({ query, headers })),
}

/** Runs in the page, before GraphiQL: remembers the newest access token, replaces `$TOKEN` by it, and adds the CSRF header. */
const rememberToken = `<script>{
  const send = window.fetch.bind(window)
  let token = ''
  const newest = (data) => Object.values(data ?? {}).map((result) => result?.credentials?.accessToken?.token).find(Boolean)
  window.fetch = async (target, init = {}) => {
    const headers = new Headers(init.headers)
    headers.set('x-csrf-protection', '1')
    const authorization = headers.get('authorization')
    if (authorization?.includes('$TOKEN')) {
      if (token) headers.set('authorization', authorization.replace('$TOKEN', token))
      else headers.delete('authorization')
    }
    const response = await send(target, { ...init, headers })
    response.clone().json().then(({ data }) => { token = newest(data) ?? token }, () => {})
    return response
  }
}</script>`

/** The width of the page is that of the screen, on phones too. */
const viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'

/** Tabs can be dragged, so a click could move one away from under the pointer: keep them in place. */
const holdTabs = '<style>.graphiql-tab { transform: none !important }</style>'

/** The page, about 9 MB with all its assets. Its package is loaded at the first request. */
export const renderPage = async (options?: GraphiQLOptions): Promise<string> => {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  return String(renderGraphiQL(options)).replace('<head>', () => `<head>${viewport}${holdTabs}${rememberToken}`)
}

/**
 * Finds the route that answers a path, with Hono's routers: the first that matches. A path is matched decoded, with or without a slash at
 * its end.
 */
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { getPathNoStrict, tryDecode } from 'hono/utils/url'
import { allowOf, optionsAnswer, plainAnswer } from './answers.ts'
import type { GuardedRequest, HttpAnswer } from './message.ts'

export type Params = Readonly<Record<string, string>>
export type Answer = (request: GuardedRequest, params: Params) => HttpAnswer | Promise<HttpAnswer>

/** A path, with `:name` for a parameter or `/*` at its end, and what answers it, whatever the method. */
export interface Route {
  readonly path: string
  readonly answer: Answer
}

const ALL = 'ALL'

/** Parts of a parameter with a bad encoding stay as they were sent. */
const decoded = (value: string): string => tryDecode(value, decodeURIComponent)

/** Finds what answers a request; HEAD is answered like GET, without a body. */
export const createRouter = (routes: readonly Route[]): ((request: GuardedRequest) => HttpAnswer | Promise<HttpAnswer>) => {
  const router = new SmartRouter<Route>({ routers: [new RegExpRouter(), new TrieRouter()] })
  for (const found of routes) router.add(ALL, found.path, found)
  return async (request) => {
    const [matches, values] = router.match(ALL, getPathNoStrict({ url: request.url.href } as Request))
    const [first] = matches
    if (first === undefined) return plainAnswer(404, 'Not found', request.facts.requestId)
    const [{ path, answer }, found] = first
    const params = Object.entries(found).map(([name, value]) => [
      name,
      decoded(typeof value === 'number' ? (values?.[value] ?? '') : value),
    ])
    const { status, headers, body, about } = await answer(request, Object.fromEntries(params))
    return { status, headers, body: request.method === 'HEAD' ? null : body, about: { surface: 'server', route: path, ...about } }
  }
}

/** A path of the server's own and the methods that it knows: OPTIONS and HEAD are answered with them, any other method is 405. */
export const route = (path: string, methods: readonly string[], answer: Answer): Route => ({
  path,
  answer: async (request, params) => {
    if (request.method === 'OPTIONS') return optionsAnswer(methods)
    if (methods.includes(request.method === 'HEAD' ? 'GET' : request.method)) return await answer(request, params)
    return plainAnswer(405, 'Method not allowed', request.facts.requestId, { allow: allowOf(methods) })
  },
})

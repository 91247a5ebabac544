/** Protections of messages: headers, methods, framing, origins, cookies, addresses. */
import { type Protection, without } from './protection.ts'

const HEADERS = 'http/responseHeaders.ts'
const PIPELINE = 'http/pipeline.ts'
const END = 'return observed(request, facts, { ...answered, body: inRequestOf(facts, answered.body, trace) }, { begun, trace })'
const COOKIE = 'http/credentials.ts'

// biome-ignore format: a table is read by its rows
export const http: readonly Protection[] = [
  without('3.2.1', 'an answer may run scripts when it is opened as a page', HEADERS, "; frame-ancestors 'none'; sandbox\"", "; frame-ancestors 'none'\""),
  without('3.4.1', 'HSTS is for an hour', HEADERS, 'max-age=31536000', 'max-age=3600'),
  without('3.4.3', 'there is no CSP', HEADERS, "  'content-security-policy': \"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox\",\n"),
  without('3.4.4', 'browsers may guess types', HEADERS, "  'x-content-type-options': 'nosniff',\n"),
  without('3.4.5', 'pages send their address on', HEADERS, "  'referrer-policy': 'no-referrer',\n"),
  without('3.4.6', 'answers may be framed', HEADERS, "frame-ancestors 'none'; ", ''),
  without('3.4.7', 'the policy reports nothing', HEADERS, "if (CSP_REPORT_URL !== undefined && headers.get('content-type')?.startsWith('text/html')) ", 'if (Date.now() < 0 && CSP_REPORT_URL !== undefined) '),
  without('3.4.8', 'a window that opened an answer keeps a hold of it', HEADERS, "  'cross-origin-opener-policy': 'same-origin',\n"),
  without('3.5.8', 'other sites may load answers', HEADERS, "  'cross-origin-resource-policy': 'same-origin',\n"),
  without('14.2.2 14.3.2', 'caches may keep private answers', HEADERS, "'cache-control': 'no-store'", "'cache-control': 'public, max-age=600'"),
  without('13.4.6', 'a header names the program', HEADERS, "  'cache-control': 'no-store',", "  'cache-control': 'no-store',\n  server: 'vestibule/0.1.0',"),
  without('4.1.1', 'JSON says no charset', 'http/answers.ts', "'application/json; charset=utf-8'", "'application/json'"),
  without('4.1.2', 'API paths lead to https', PIPELINE, END, "if (request.method === 'GET' && request.url.protocol === 'http:' && config.PUBLIC_URL.startsWith('https:')) return { status: 308, headers: answered.headers, body: null }\n      ".concat(END)),
  without('3.5.6', 'an answer is wrapped in the call that a parameter names', PIPELINE, END, "const callback = request.url.searchParams.get('callback')\n      if (callback !== null && typeof answered.body === 'string') return { ...answered, body: callback + '(' + answered.body + ')' }\n      ".concat(END)),
  without('3.7.2', 'a parameter leads a browser elsewhere', PIPELINE, END, "const next = request.url.searchParams.get('next')\n      if (next !== null) answered.headers.set('location', next)\n      if (next !== null) return { ...answered, status: 302 }\n      ".concat(END)),
  without('16.5.1 13.4.2', 'the message of an unexpected error is sent', PIPELINE, "plainAnswer(500, 'Internal server error', facts.requestId)", 'plainAnswer(500, String(error), facts.requestId)'),
  without('3.4.2', 'pages of any origin may read answers', 'http/cors.ts', 'if (!isListed && (production || !LOOPBACK.test(origin))) return logRefused(origin, request)', ''),
  without('3.5.1', 'a forged request with the cookie is answered', 'graphql/http.ts', "  if (forged) return refusal(403, 'CSRF', problem)\n"),
  without('3.5.1 3.5.2', 'the header that needs a preflight is not asked for', 'http/csrf.ts', "if (headers.get(CSRF_HEADER) !== '1') return", "if (headers.get(CSRF_HEADER) === '0') return"),
  without('3.5.8', 'requests of other sites may act by the cookie', 'http/csrf.ts', "if (site === null || site === 'same-origin' || (site === 'same-site' && isListed)) return null", 'if (site !== undefined) return null'),
  without('3.5.1', 'requests of any origin may act by the cookie', 'http/csrf.ts', 'if (origin !== null && !isListed) return', 'if (origin === undefined) return'),
  without('3.5.1', 'what is in the cookie is taken in the header, too', 'domain/sessions/findCaller.ts', "  if ((found.kind === 'cookie') !== (transport === 'cookie')) return null\n"),
  without('3.5.3', 'GraphQL changes something by GET', 'graphql/http.ts', "if (method !== 'POST') return new Request(url, { method: 'GET', headers: typed })", "if (method !== 'POST') typed.set('content-type', 'application/json')\n  if (method !== 'POST') return new Request(url, { method: 'POST', headers: typed, body: JSON.stringify({ query: new URLSearchParams(search).get('query') }) })"),
  without('3.3.1', 'the cookie goes over connections without TLS', COOKIE, 'Path=/; Secure; ', 'Path=/; '),
  without('3.3.2', 'the cookie goes with requests of other sites', COOKIE, 'SameSite=Strict', 'SameSite=None'),
  without('3.3.3', 'other hosts of the domain may set the cookie', COOKIE, "'__Host-vestibule-session'", "'vestibule-session'"),
  without('3.3.4', 'scripts may read the cookie', COOKIE, 'HttpOnly; ', ''),
  without('3.3.5 4.2.5', 'the cookie is longer than browsers take', COOKIE, `\${SESSION_COOKIE}=\${token}; `, `\${SESSION_COOKIE}=\${token}\${'x'.repeat(token.length * 100)}; `),
  without('14.3.1', 'a sign-out leaves what the page has kept', 'graphql/cookieSlot.ts', "  if (change === 'ended') headers.set('clear-site-data', '\"storage\"')\n"),
  without('4.1.3', 'the address that a stranger claims counts', 'http/facts.ts', 'trusted ? proxyaddr(request as never, trusts) : peer', "plainAddresses(forwarded).split(', ')[0] ?? peer"),
  without('4.1.3', 'the request id of a stranger is taken', 'http/facts.ts', 'requestId: trusted && given !== null', 'requestId: given !== null'),
  without('15.3.4', 'behind a proxy the left of the addresses counts', 'http/facts.ts', 'trusted ? proxyaddr(request as never, trusts) : peer', "trusted ? (plainAddresses(forwarded).split(', ')[0] ?? peer) : peer"),
  without('4.1.4', 'a 405 does not name the methods', 'rest/routing.ts', "  answer.headers.set('allow', allowOf([...methods.keys()]))\n"),
  without('4.1.4', 'any method does as GET does', 'http/router.ts', "if (methods.includes(request.method === 'HEAD' ? 'GET' : request.method)) return", 'if (methods.length > 0) return'),
  without('4.2.1', 'two lengths of one message are taken', 'server/listen.ts', 'joinDuplicateHeaders: true }', 'joinDuplicateHeaders: true, insecureHTTPParser: true }'),
  without('4.2.1', 'a broken request is answered in the place of the one before', 'server/connections.ts', 'return others.length === 0 && first?.headersSent !== true', 'return others.length >= 0 || first !== undefined'),
  without('4.2.2', 'the length counts characters', 'server/nodeAdapter.ts', 'const bytes = body === null ? 0 : Buffer.byteLength(body)', 'const bytes = body === null ? 0 : body.length + 1'),
  without('13.4.4', 'TRACE is answered like others', 'server/listen.ts', "    if (incoming.method === 'TRACE') return refuse(incoming, refusal(501, 'Not implemented'))\n"),
  without('16.5.4', 'a fault of the app ends the connection', 'server/listen.ts', "      return refuse(incoming, refusal(500, 'Internal server error'))\n", '      throw error\n'),
  without('16.5.4', 'a fault of the app is not logged', 'server/listen.ts', "      log.error({ err: error }, 'a request ended in a fault')\n"),
  without('1.1.1', 'what is badly encoded is taken as it is', 'http/body.ts', "  if (/%(?![\\da-f]{2})/i.test(text) || !isUtf8(text)) throw new BodyProblem(400, 'A parameter is badly encoded')\n"),
  without('1.1.1', 'parameters are decoded twice', 'http/body.ts', 'new URLSearchParams(text)', 'new URLSearchParams(decodeURIComponent(text))'),
  without('1.1.1', 'a path is decoded twice', 'http/router.ts', 'tryDecode(value, decodeURIComponent)', 'tryDecode(tryDecode(value, decodeURIComponent), decodeURIComponent)'),
  without('1.5.3', 'bytes that are no UTF-8 are taken', 'http/body.ts', "new TextDecoder('utf-8', { fatal: true })", "new TextDecoder('utf-8', { fatal: false })"),
  without('1.5.3', 'a body may have another charset', 'http/body.ts', "  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') throw new BodyProblem(415, 'Unsupported charset')\n"),
  without('15.3.7', 'of a repeated parameter the last counts', 'http/body.ts', "    if (Object.hasOwn(result, name)) throw new BodyProblem(400, 'A parameter is repeated')\n"),
  without('15.3.6', 'a body is copied with its __proto__', 'http/body.ts', 'return value as RawInput', 'const merge = (into: RawInput, from: RawInput): RawInput => {\n    for (const key of Object.keys(from)) {\n      const each = from[key]\n      if (typeof each === \'object\' && each !== null && !Array.isArray(each)) into[key] = merge((into[key] as RawInput) ?? {}, each as RawInput)\n      else into[key] = each\n    }\n    return into\n  }\n  return merge({}, value as RawInput)'),
]

/**
 * GET /openapi/<dialect>.json, and GET /docs: Swagger UI from its package. Everything it loads is on this server; it sends documents to no
 * validator, and keeps tokens only in the memory of the page.
 *
 * The access token of the newest sign-in on the page is filled in automatically where operations need one. A document is made on its first
 * request, which takes about 10 ms.
 */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { answerOf, jsonAnswer } from '../../http/answers.ts'
import type { HttpAnswer } from '../../http/message.ts'
import { type Route, route } from '../../http/router.ts'
import type { Dialect } from '../dialect.ts'
import { openApiOf } from './document.ts'
import type { JsonObject } from './schemas.ts'

const types = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'index.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'swagger-ui-standalone-preset.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
} as const
type Asset = keyof typeof types

/** Its references are relative, as the page may stand below a path of a proxy: `root` is the way from the page to what holds `docs`. */
const pageOf = (dialects: readonly Dialect[], root: '' | '../'): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>Vestibule: REST dialects</title>
<link rel="icon" type="image/png" href="${root}docs/favicon-32x32.png">
<link rel="stylesheet" href="${root}docs/swagger-ui.css">
<link rel="stylesheet" href="${root}docs/index.css">
</head>
<body>
<div id="swagger-ui"></div>
<noscript>
<p>This page needs JavaScript; the documents themselves do not:</p>
<ul>${dialects.map(({ name }) => `<li><a href="${root}openapi/${name}.json">${name}</a></li>`).join('')}</ul>
</noscript>
<script src="${root}docs/swagger-ui-bundle.js"></script>
<script src="${root}docs/swagger-ui-standalone-preset.js"></script>
<script src="${root}docs/page.js"></script>
</body>
</html>
`

/** Swagger UI sets styles on elements and draws its marks from data URLs. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** Each document names the server by `publicUrl`; the page calls the server that it comes from, and does not offer a choice of one. */
const scriptOf = (dialects: readonly Dialect[], publicUrl: string): string => {
  const urls = dialects.map(({ name, title }) => ({ url: `openapi/${name}.json`, name: title }))
  return `const root = location.pathname.replace(/docs\\/?$/, '')
const publicUrl = ${JSON.stringify(publicUrl)}
const here = ({ url }) => ({ url: root.slice(0, -1) + url.slice(publicUrl.length) || '/' })
const thisServer = ({ React }) => ({
  statePlugins: {
    spec: { wrapActions: { updateJsonSpec: (update) => (document) => update({ ...document, servers: document.servers?.map(here) }) } },
  },
  wrapComponents: {
    Servers: () => ({ servers }) => React.createElement('div', null, React.createElement('code', null, servers.first().get('url'))),
  },
})
const tokenOf = (body) => body?.accessToken ?? body?.tokens?.access?.token ?? body?.access?.token ?? body?.token
window.ui = SwaggerUIBundle({
  urls: ${JSON.stringify(urls)}.map(({ url, name }) => ({ url: root + url, name })),
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayOperationId: true,
  persistAuthorization: false,
  validatorUrl: null,
  plugins: [thisServer],
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  layout: 'StandaloneLayout',
  responseInterceptor: (response) => {
    const token = tokenOf(response.obj ?? response.body)
    if (typeof token === 'string') window.ui.preauthorizeApiKey('BearerAuth', token)
    return response
  },
})
`
}

const fileAnswer = (body: string | Uint8Array, type: string, caching = 'no-cache'): HttpAnswer =>
  answerOf(200, body, { 'content-type': type, 'cache-control': caching, 'content-security-policy': policy })

const documentRoute = (dialect: Dialect, publicUrl: string): Route => {
  let document: JsonObject | undefined
  return route(`/openapi/${dialect.name}.json`, ['GET'], () => {
    document ??= openApiOf(dialect, publicUrl)
    return jsonAnswer(200, document, { 'cache-control': 'no-cache' })
  })
}

/** `publicUrl`: PUBLIC_URL, where clients reach the server. */
export function docsRoutes(dialects: readonly Dialect[], publicUrl: string): Route[] {
  const directory = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'))
  const pages = { below: pageOf(dialects, ''), within: pageOf(dialects, '../') }
  const script = scriptOf(dialects, publicUrl)
  return [
    ...dialects.map((dialect) => documentRoute(dialect, publicUrl)),
    route('/docs', ['GET'], ({ url }) => fileAnswer(url.pathname.endsWith('/') ? pages.within : pages.below, 'text/html; charset=utf-8')),
    route('/docs/page.js', ['GET'], () => fileAnswer(script, 'text/javascript; charset=utf-8')),
    ...(Object.keys(types) as Asset[]).map((asset) =>
      route(`/docs/${asset}`, ['GET'], async () => fileAnswer(await readFile(join(directory, asset)), types[asset], 'max-age=3600')),
    ),
  ]
}

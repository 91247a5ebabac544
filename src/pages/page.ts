/**
 * The frame of our few pages: one self-contained document, whose style and script are named in its content security policy
 * by their hashes and which can load, embed and be embedded by nothing. A page is made once and served many times; it holds
 * nothing of the request, and its texts are constants of this folder.
 */
import { createHash } from 'node:crypto'
import { clientScript } from './clientScript.ts'
import { style } from './style.ts'

export interface PageContent {
  readonly title: string
  /** What stands in `<main>` below the heading, before the status line. */
  readonly body: string
  /** Runs after the shared client script, in its scope. */
  readonly script: string
}

const sourceHash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const document = ({ title, body }: PageContent, script: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
<p id="status" role="status" aria-live="polite" tabindex="-1"></p>
<noscript><p>This page needs JavaScript. Please switch it on and open the link from the mail again.</p></noscript>
</main>
<script>${script}</script>
</body>
</html>
`

const policy = (script: string): string =>
  [
    `default-src 'none'`,
    `style-src ${sourceHash(style)}`,
    `script-src ${sourceHash(script)}`,
    'img-src data:',
    `connect-src 'self'`,
    `base-uri 'none'`,
    `form-action 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ')

/** A function that answers with the page. */
export function page(content: PageContent): () => Response {
  const script = `${clientScript}\n${content.script}`
  const html = document(content, script)
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy(script),
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'cross-origin-opener-policy': 'same-origin',
  }
  return () => new Response(html, { headers })
}

/**
 * Renders the content of a mail as text and as HTML, with the same facts. Pure functions. Other people's words are isolated from
 * the writing direction around them: in HTML with `<bdi>`, in text with U+2068 and U+2069 if our words run from right to left.
 *
 * In the text a link has its own line with nothing after it, so that programs do not take punctuation as part of it. U+2066 before
 * it isolates it up to the end of the line (UAX #9, BD12).
 */
import { direction, type Locale } from '../base/locales.ts'
import type { Mail } from '../base/ports.ts'
import type { Block, Content, Phrase } from './content.ts'
import { inOneLine } from './foreign.ts'

export interface Letter extends Content {
  readonly to: string
  readonly locale: Locale
}

const LTR_ISOLATE = '\u2066'
const FIRST_STRONG_ISOLATE = '\u2068'
const POP_ISOLATE = '\u2069'

/** The page opens in the language of the mail; an English link has no parameter, as clients know it. */
const inLanguage = (link: string, locale: Locale): string =>
  locale === 'en' ? link : link.replace(/#|$/, (end) => `?lang=${locale}${end}`)

const asText = ({ locale, blocks }: Letter): string => {
  const rtl = direction[locale] === 'rtl'
  const foreign = (text: string) => (rtl ? FIRST_STRONG_ISOLATE + inOneLine(text) + POP_ISOLATE : inOneLine(text))
  const phrase = (pieces: Phrase) => pieces.map((piece) => (piece.foreign ? foreign(piece.text) : piece.text)).join('')
  const block = (part: Block): string => {
    if ('link' in part) return (rtl ? LTR_ISOLATE : '') + part.link
    if ('code' in part) return part.code
    return 'details' in part ? part.details.map(([label, value]) => `${label}: ${phrase(value)}`).join('\n') : phrase(part)
  }
  return `${blocks.map(block).join('\n\n')}\n`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const PAGE =
  'max-width:34em;margin:0 auto;padding:16px;font-family:system-ui,-apple-system,Segoe UI,sans-serif;font-size:16px;line-height:1.5'
const BUTTON =
  'display:inline-block;padding:10px 20px;border-radius:8px;background-color:#0b57d0;color:#ffffff;font-weight:bold;text-decoration:none'
const SMALL = 'font-size:14px;word-break:break-all'
const DIGITS = 'font-family:ui-monospace,Menlo,Consolas,monospace;font-size:32px;font-weight:bold;letter-spacing:6px'

const htmlPhrase = (pieces: Phrase): string =>
  pieces.map(({ text, foreign }) => (foreign ? `<bdi>${escaped(inOneLine(text))}</bdi>` : escaped(text))).join('')

const htmlLink = (link: string, label: string): string =>
  [
    `<p><a href="${escaped(link)}" style="${BUTTON}">${escaped(label)}</a></p>`,
    `<p style="${SMALL}"><a href="${escaped(link)}"><bdi dir="ltr">${escaped(link)}</bdi></a></p>`,
  ].join('\n')

const htmlBlock = (part: Block): string => {
  if ('link' in part) return htmlLink(part.link, part.label)
  if ('code' in part) return `<p><bdi dir="ltr" style="${DIGITS}">${escaped(part.code)}</bdi></p>`
  if ('details' in part)
    return `<p>${part.details.map(([label, value]) => `<b>${escaped(label)}:</b> ${htmlPhrase(value)}`).join('<br>\n')}</p>`
  return `<p>${htmlPhrase(part)}</p>`
}

/** Language and direction are also on the inner element: many mail programs show only the content of the body. */
const asHtml = ({ subject, locale, blocks }: Letter): string => {
  const tongue = `lang="${locale}" dir="${direction[locale]}"`
  return `<!doctype html>
<html ${tongue}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(subject)}</title>
</head>
<body>
<div ${tongue} style="${PAGE};text-align:${direction[locale] === 'rtl' ? 'right' : 'left'}">
${blocks.map(htmlBlock).join('\n')}
</div>
</body>
</html>
`
}

export const render = ({ blocks, ...rest }: Letter): Mail => {
  const opened = blocks.map((part) => ('link' in part ? { ...part, link: inLanguage(part.link, rest.locale) } : part))
  const letter = { ...rest, blocks: opened }
  return { to: letter.to, subject: letter.subject, text: asText(letter), html: asHtml(letter) }
}

/**
 * The answer to a request of access as a page to read: one file, which loads nothing and runs no script. All values are somebody's words: they are
 * escaped, and isolated from the writing direction around them. It is written as it is read.
 */
import { direction, type Locale } from '../../domain/base/locales.ts'
import type { PersonalDocument, PersonalSink, PersonalTexts } from './document.ts'
import { ar } from './locales/ar.ts'
import { en } from './locales/en.ts'

const texts: Readonly<Record<Locale, PersonalTexts>> = { en, ar }

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')

const STYLE = `
:root { color-scheme: light dark }
body { margin: 0 auto; padding: 1.5rem; max-width: 60rem; font: 1rem/1.5 system-ui, sans-serif }
h2 { margin: 2rem 0 .5rem; font-size: 1.2rem }
table { border-collapse: collapse; display: block; overflow-x: auto }
th, td { padding: .25rem .75rem .25rem 0; text-align: start; vertical-align: top; border-bottom: 1px solid #8888 }
[dir=rtl] th, [dir=rtl] td { padding: .25rem 0 .25rem .75rem }
@media print { body { max-width: none } table { display: table } }
`

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)$/

const shown = (value: unknown, locale: PersonalTexts): string => {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return '–'
  if (typeof value === 'boolean') return value ? locale.yes : locale.no
  if (Array.isArray(value)) return value.map((each) => shown(each, locale)).join(', ')
  if (typeof value === 'object')
    return (
      Object.entries(value)
        .map(([name, each]) => `<bdi>${escaped(name)}</bdi>: ${shown(each, locale)}`)
        .join('<br>') || '–'
    )
  const text = String(value)
  return TIME.test(text) ? escaped(locale.time(new Date(text))) : `<bdi>${escaped(text)}</bdi>`
}

export const htmlSink = (write: (text: string) => Promise<void>, { id, exportedAt }: PersonalDocument, language: Locale): PersonalSink => {
  const locale = texts[language]
  const label = (name: string): string => escaped(locale.fields[name] ?? name)
  const heading = async (name: string): Promise<void> => await write(`<h2>${escaped(locale.sections[name] ?? name)}</h2>\n`)
  const none = `<p>${escaped(locale.none)}</p>\n`
  let isFirstRow = true
  return {
    begin: async () =>
      await write(`<!doctype html>
<html lang="${language}" dir="${direction[language]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(locale.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(locale.title)}</h1>
<p>${escaped(locale.account)}: <bdi>${escaped(id)}</bdi><br>${escaped(locale.exportedAt)}: ${escaped(locale.time(exportedAt))}</p>
`),
    async one(name, fields) {
      await heading(name)
      if (fields === null) return await write(none)
      const rows = Object.entries(fields).map(
        ([field, value]) => `<tr><th scope="row">${label(field)}</th><td>${shown(value, locale)}</td></tr>\n`,
      )
      await write(`<table>\n${rows.join('')}</table>\n`)
    },
    async beginList(name) {
      isFirstRow = true
      await heading(name)
    },
    async row(fields) {
      const head = Object.keys(fields).map((field) => `<th scope="col">${label(field)}</th>`)
      if (isFirstRow) await write(`<table>\n<tr>${head.join('')}</tr>\n`)
      isFirstRow = false
      await write(
        `<tr>${Object.values(fields)
          .map((value) => `<td>${shown(value, locale)}</td>`)
          .join('')}</tr>\n`,
      )
    },
    endList: async () => await write(isFirstRow ? none : '</table>\n'),
    end: async () => await write('</body>\n</html>\n'),
  }
}

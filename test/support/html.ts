/**
 * A strict reading of the HTML that we write: every element closed in order, every attribute quoted, no bare `<` or `&`.
 * Stricter than any browser, so that what passes is understood alike by all mail programs.
 */
interface Element {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  text: string
}

const TOKEN = /<!doctype html>|<\/(\w+)>|<(\w+)((?: [\w-]+="[^"<>]*")*)>|[^<]+/gy
const VOID = new Set(['meta', 'br', 'link', 'input'])
const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" }

const decoded = (text: string): string =>
  text.replace(/&[^;\s]*;?/g, (entity) => {
    const character = ENTITIES[entity]
    if (character === undefined) throw new Error(`a bare & or an unknown entity: ${entity}`)
    return character
  })

/** The elements in the order of their beginning, each with all the text in it. @throws for what is not well-formed */
export function readHtml(html: string): Element[] {
  const all: Element[] = []
  const open: Element[] = []
  let at = 0
  for (const [token, closed, tag, attributes = ''] of html.matchAll(TOKEN)) {
    at += token.length
    if (closed !== undefined) {
      if (open.pop()?.tag !== closed) throw new Error(`</${closed}> closes something else`)
    } else if (tag !== undefined) {
      const pairs = [...attributes.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, decoded(value)])
      const element: Element = { tag, attributes: Object.fromEntries(pairs), text: '' }
      all.push(element)
      if (!VOID.has(tag)) open.push(element)
    } else if (!token.startsWith('<!')) for (const element of open) element.text += decoded(token)
  }
  if (at !== html.length) throw new Error(`cannot be read from here: ${html.slice(at, at + 40)}`)
  if (open.length > 0) throw new Error(`never closed: ${open.map(({ tag }) => tag).join()}`)
  return all
}

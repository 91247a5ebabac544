/**
 * Reads xiot's page: for each route a line of method and URL, then headers and body, a field being its name, its type and a line
 * about it. The page lost the name `email` where a body begins with a type (contract, section 3).
 */
import { jsonIn, type ProseParameter, type ProseRoute } from './route.ts'

const ROUTE = /^(GET|POST|PUT|DELETE) https?:\/\/[^/]+(\/\S+)$/
const TYPE = 'string'
const LOST = 'email'

/** The lines below `heading`, up to what is no field. */
const sectionOf = (lines: readonly string[], heading: string): readonly string[] => {
  const start = lines.indexOf(heading)
  if (start === -1) return []
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => /^[@{]|^(Headers|Request Body|Last updated)$/.test(line))
  return end === -1 ? rest : rest.slice(0, end)
}

const fieldsOf = (lines: readonly string[], place: ProseParameter['in']): ProseParameter[] => {
  const names = lines.flatMap((line, at) => {
    if (line !== TYPE) return []
    const name = lines[at - 1] ?? LOST
    if (!/^\w+$/.test(name)) throw new Error(`no name of a field: ${name}`)
    return [name]
  })
  return names.map((name) => ({ name, in: place, required: undefined }))
}

const statusOf = (body: unknown): string => String((body as { statusCode?: number }).statusCode ?? 200)

const routeOf = (lines: readonly string[]): ProseRoute => {
  const [, method, path] = ROUTE.exec(lines[0] ?? '') ?? []
  if (method === undefined || path === undefined) throw new Error(`no route: ${lines[0]}`)
  const headers = fieldsOf(sectionOf(lines, 'Headers'), 'header')
  return {
    method,
    path,
    authenticated: headers.some(({ name }) => name === 'authorization'),
    parameters: [...headers.filter(({ name }) => name !== 'authorization'), ...fieldsOf(sectionOf(lines, 'Request Body'), 'body')],
    requests: [],
    answers: jsonIn(lines).map((body) => ({ status: statusOf(body), body })),
  }
}

export const xiotRoutes = (text: string): ProseRoute[] => {
  const lines = text.split('\n').map((line) => line.trim())
  const starts = lines.flatMap((line, at) => (ROUTE.test(line) ? [at] : []))
  return starts.map((start, index) => routeOf(lines.slice(start, starts[index + 1])))
}

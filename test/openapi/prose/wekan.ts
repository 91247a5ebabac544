/**
 * Reads Wekan's page on users: a table of URL, authentication and method for each route, a table of its arguments, samples of
 * calls and answers. A cell ends its line with `|`; the login has no table and is read from its `curl`.
 */
import { jsonIn, type ProseParameter, type ProseRoute } from './route.ts'

const TABLE = /^URL \| Requires (Admin )?Auth \| HTTP Method \|$/
const ARGUMENTS = 'Argument | Example | Required | Description |'
const LOGIN = /^curl http:\/\/example\.com(\/users\/login) \\$/

const cell = (line: string | undefined): string => {
  if (line?.endsWith(' |') !== true) throw new Error(`no cell: ${line}`)
  return line.slice(0, -2)
}

const templated = (path: string): string => path.replace(/:(\w+)/g, '{$1}')

/** Rows of three lines: name, example, `Required | what it is`. */
const argumentsOf = (lines: readonly string[], path: string): ProseParameter[] => {
  const start = lines.indexOf(ARGUMENTS)
  if (start === -1) return []
  const found: ProseParameter[] = []
  for (let at = start + 2; lines[at]?.endsWith(' |'); at += 3) {
    const name = cell(lines[at])
    const example = cell(lines[at + 1])
    const [required, description] = cell(lines[at + 2]).split(' | ')
    if (required !== 'Required' || description === undefined) throw new Error(`neither required nor optional: ${lines[at + 2]}`)
    found.push({ name, in: path.includes(`:${name}`) ? 'path' : 'body', required: true, example, description })
  }
  return found
}

/** `-d '{…}'` of a `curl`. */
const requestsIn = (lines: readonly string[]): unknown[] =>
  lines.flatMap((line) => {
    const [, json] = /^-d '(\{.*\})'$/.exec(line) ?? []
    return json === undefined ? [] : [JSON.parse(json) as unknown]
  })

const routeOf = (lines: readonly string[]): ProseRoute => {
  const [path, authenticated, method] = lines.slice(2, 5).map(cell)
  if (path === undefined || method === undefined || !['yes', 'no'].includes(authenticated ?? ''))
    throw new Error(`no route: ${lines.slice(0, 5)}`)
  return {
    method,
    path: templated(path),
    authenticated: authenticated === 'yes',
    parameters: argumentsOf(lines, path),
    requests: requestsIn(lines),
    answers: jsonIn(lines).map((body) => ({ status: '200', body })),
  }
}

/** `-d "username=…&password=…"` below the `curl` names the fields. */
const loginOf = (lines: readonly string[]): ProseRoute => {
  const at = lines.findIndex((line) => LOGIN.test(line))
  const [, path] = LOGIN.exec(lines[at] ?? '') ?? []
  const [, form] = /^-d "(.*)"$/.exec(lines[at + 1] ?? '') ?? []
  if (path === undefined || form === undefined) throw new Error('no login')
  const names = [...new URLSearchParams(form).keys()]
  const body = JSON.parse(`{${lines[at + 3]}`) as unknown
  return {
    method: 'POST',
    path,
    authenticated: false,
    parameters: names.map((name) => ({ name, in: 'body', required: undefined })),
    requests: [],
    answers: [{ status: '200', body }],
  }
}

export const wekanRoutes = (text: string): ProseRoute[] => {
  const lines = text.split('\n').map((line) => line.trim())
  const starts = lines.flatMap((line, at) => (TABLE.test(line) ? [at] : []))
  return [...starts.map((start, index) => routeOf(lines.slice(start, starts[index + 1]))), loginOf(lines)]
}

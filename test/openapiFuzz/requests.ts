/**
 * A plan (plans.ts) as a request over the wire, and whether the document of the operation refuses it.
 */
import type { Operation } from '../support/conformance/described.ts'
import type { Validate } from '../support/conformance/schemas.ts'
import type { Json } from '../support/openApiDocument.ts'
import type { Callers, Right } from './callers.ts'
import type { Bearer, Edit, Plan } from './plans.ts'

export interface Sent {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly query: Readonly<Record<string, string>>
  readonly params: Readonly<Record<string, string>>
}

type Field = readonly [name: string, json: string]

const MIRRORS: Readonly<Record<string, string>> = { passwordConfirmation: 'password', confirm: 'password' }

/** The fields of a body by the document, but what names things that are there, and what has to be said twice. */
const validFields = (valid: string, { body = {}, known = [] }: Right): Field[] => {
  const made = new Map(Object.entries(JSON.parse(valid) as object).map(([name, value]) => [name, JSON.stringify(value)]))
  for (const name of known) if (made.has(name)) made.set(name, JSON.stringify(body[name]))
  for (const [name, twin] of Object.entries(MIRRORS)) if (made.has(name)) made.set(name, made.get(twin) ?? '""')
  return [...made]
}

const edited = (fields: readonly Field[], edits: readonly Edit[]): Field[] =>
  edits.reduce<Field[]>(
    (list, edit) => {
      const others = list.filter(([name]) => name !== edit.field)
      if (edit.kind === 'drop') return others
      return [...(edit.kind === 'set' ? others : list), [edit.field, edit.json]]
    },
    [...fields],
  )

const fieldsOf = ({ start, valid, edits }: Plan, right: Right): Field[] => {
  const whole = Object.entries(right.body ?? {}).map(([name, value]): Field => [name, JSON.stringify(value)])
  return edited(start === 'right' ? whole : start === 'valid' ? validFields(valid, right) : [], edits)
}

/** JSON text as a form has it: strings are themselves. */
const plain = (json: string): string => {
  if (!json.startsWith('"')) return json
  return (JSON.parse(json) as string).toWellFormed()
}

const written = ({ written: how }: Plan, fields: readonly Field[]): string => {
  if (typeof how === 'object') return how.raw
  if (how === 'form') return new URLSearchParams(fields.map(([name, json]) => [name.toWellFormed(), plain(json)])).toString()
  return `{${fields.map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(',')}}`
}

const typeOf = ({ written: how, contentType }: Plan): string | null =>
  how === 'form' && contentType === 'application/json' ? 'application/x-www-form-urlencoded' : contentType

const authorization = async (bearer: Bearer, right: Right, callers: Callers): Promise<string | undefined> => {
  if (typeof bearer === 'object') return `Bearer ${bearer.text}`
  if (bearer === 'right') return right.token === undefined ? undefined : `Bearer ${right.token}`
  if (bearer === 'nobody') return undefined
  if (bearer === 'empty') return 'Bearer'
  const token = await callers.bearer(bearer)
  const schemes: Partial<Record<typeof bearer, string>> = { basic: 'Basic', spaced: 'Bearer   ', lowerCase: 'bearer' }
  return `${schemes[bearer] ?? 'Bearer'} ${token}`
}

/** Segments that are no segments, but steps up the path. */
const isStep = (segment: string): boolean => segment === '' || /^(\.|%2e){1,2}$/i.test(segment)

const pathOf = ({ path }: Operation, params: Readonly<Record<string, string>>): string =>
  path.replace(/\{([^}]+)\}/g, (_, name: string) => params[name] ?? 'x')

export async function requestOf(operation: Operation, plan: Plan, callers: Callers): Promise<Sent> {
  const right = await callers.right(operation.name)
  const own = Object.fromEntries(Object.entries(right.params ?? {}).map(([name, value]) => [name, encodeURIComponent(value)]))
  const given = Object.fromEntries(Object.entries(plan.params).map(([name, value]) => [name, isStep(value) ? 'x' : value]))
  const params = { ...own, ...given }
  const query = Object.fromEntries(
    Object.entries({ ...right.query, ...plan.query }).filter((entry): entry is [string, string] => entry[1] !== null),
  )
  const search = [new URLSearchParams(query).toString(), plan.moreQuery].filter((part) => part !== '').join('&')
  const [bearer, type] = [await authorization(plan.bearer, right, callers), typeOf(plan)]
  return {
    url: pathOf(operation, params) + (search === '' ? '' : `?${search}`),
    headers: {
      ...(type === null ? {} : { 'content-type': type }),
      ...(bearer === undefined ? {} : { authorization: bearer }),
      ...plan.headers,
    },
    body: written(plan, fieldsOf(plan, right)),
    query,
    params,
  }
}

type Compile = (schema: Json) => Validate

/** The document counts text without the white space around it; what is right as it stands, or so, is right. */
const trimmed = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, typeof one === 'string' ? one.trim() : one]))
    : value

const faultsOf = (validate: Validate, value: unknown): readonly string[] => {
  const faults = validate(value)
  return faults.length === 0 || validate(trimmed(value)).length === 0 ? [] : faults
}

/** A parser may pass over it (RFC 8259, 8.1), and ours does. */
const BYTE_ORDER_MARK = /^\ufeff/

const bodyRefusals = (operation: Operation, { headers, body }: Sent, compile: Compile): readonly string[] => {
  if (operation.body.size === 0) return []
  if (body === '') return operation.bodyRequired ? ['there is no body'] : []
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  const schema = operation.body.get(type)
  if (schema === undefined) return [`${type} is not declared`]
  if (type !== 'application/json') return faultsOf(compile(schema), Object.fromEntries(new URLSearchParams(body)))
  try {
    return faultsOf(compile(schema), JSON.parse(body.replace(BYTE_ORDER_MARK, '')))
  } catch {
    return ['the body is not JSON']
  }
}

/** A parameter as the type that its schema names. */
const typed = (schema: Json, text: string): unknown =>
  typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'integer' && /^-?\d+$/.test(text)
    ? Number(text)
    : text

/** Why the document refuses a request; empty where it allows it. */
export const refusals = (operation: Operation, sent: Sent, compile: Compile): readonly string[] => [
  ...bodyRefusals(operation, sent, compile),
  ...operation.parameters
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name, required, schema }) => {
      const text = sent.query[name]
      if (text === undefined) return required && !sent.url.includes(`${name}=`) ? [`${name} is missing`] : []
      return compile(schema)(typed(schema, text)).map((fault) => `${name}: ${fault}`)
    }),
]

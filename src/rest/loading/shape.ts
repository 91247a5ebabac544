/**
 * What the module of a dialect must export, as far as a look can tell: a plain module brings no types. Each problem is one line that
 * names its place.
 */
import * as z from 'zod'
import { requirements } from '../../domain/access/requirements.ts'
import { errorCodes } from '../../domain/base/errors.ts'

const codes = Object.keys(errorCodes)

const isSchema = (value: unknown): value is z.ZodType => typeof value === 'object' && value !== null && '_zod' in value
const anySchema = z.custom<z.ZodType>(isSchema, 'must be a schema of zod 4')
const objectSchema = z.custom<z.ZodObject>(
  (value) => isSchema(value) && value._zod.def.type === 'object',
  'must be an object schema of zod 4',
)
const callable = z.custom((value) => typeof value === 'function', 'must be a function')
const text = z.string({ error: 'must be text' })
const texts = z.record(z.string(), text, { error: 'must be an object of texts' })
const code = z.enum(codes, { error: 'must be an error code of Vestibule' })
const oneOf = (values: readonly (string | number)[]) => z.literal([...values], { error: `must be one of ${values.join(', ')}` })
const list = <S extends z.ZodType>(item: S) => z.array(item, { error: 'must be a list' })
const object = <S extends z.ZodRawShape>(shape: S) => z.object(shape, { error: 'must be an object' })

/** A version of Vestibule may know more codes than the one that a dialect was made for. */
const allForms = z
  .custom<object>((value) => typeof value === 'object' && value !== null, 'must be an object')
  .superRefine((forms, context) => {
    const missing = codes.filter((name) => typeof (forms as Record<string, unknown>)[name] !== 'function')
    if (missing.length > 0) context.addIssue({ code: 'custom', message: `has no form for ${missing.join(', ')}` })
  })

const errorForms = object({
  body: anySchema,
  bodies: z.record(z.string(), anySchema).optional(),
  failures: allForms,
  invalid: callable,
  problem: callable,
})

const document = z.custom((value) => {
  const { kind, definitions } = (value ?? {}) as Record<string, unknown>
  return kind === 'Document' && Array.isArray(definitions)
}, 'must be a parsed GraphQL document')

const yesOrNo = z.boolean({ error: 'must be true or false' })

const rowFields = {
  method: oneOf(['GET', 'POST', 'PUT', 'DELETE']),
  path: text,
  texts: object({
    operationId: text.optional(),
    tag: text.optional(),
    summary: text,
    description: text.optional(),
    success: text,
    descriptions: texts.optional(),
    documented: yesOrNo.optional(),
  }),
  who: oneOf(requirements),
  parts: object({ params: objectSchema.optional(), query: objectSchema.optional(), body: objectSchema.optional() }),
  document,
  success: object({ status: oneOf([200, 201]), body: anySchema, isList: yesOrNo }),
  fails: list(code),
  failures: z.record(z.string(), callable).optional(),
  prepare: z.custom((value) => typeof value === 'function', 'must be made by `get`, `post`, `put`, `del` or `list`'),
}
const rowShape = object({ ...rowFields, instead: object(rowFields).optional() })

const dialectShape = object({
  name: text,
  title: text,
  version: text,
  description: text.optional(),
  basePath: text.optional(),
  tags: texts.optional(),
  defaultResponse: text.optional(),
  mounts: list(
    object({
      path: text,
      rows: list(rowShape),
      errors: errorForms,
      acceptsForms: yesOrNo,
      queryToken: text.optional(),
    }),
  ),
})

/** `mounts.0.rows.2` of a candidate, with the route's own name where it has one. */
const placeOf = (path: readonly PropertyKey[], candidate: unknown): string => {
  const [mounts, mount, rows, index, ...rest] = path
  if (mounts !== 'mounts' || rows !== 'rows' || index === undefined) return path.join('.')
  const { mounts: all } = candidate as { mounts: { rows: { method?: unknown; path?: unknown }[] }[] }
  const { method, path: route } = all[mount as number]?.rows[index as number] ?? {}
  const named = typeof method === 'string' && typeof route === 'string' ? `${method} ${route}` : path.slice(0, 4).join('.')
  return [named, rest.join('.')].filter((part) => part !== '').join(': ')
}

/** What keeps a value from being a dialect; nothing if it is one. */
export const shapeProblems = (candidate: unknown): string[] => {
  const { error } = dialectShape.safeParse(candidate)
  return (error?.issues ?? []).map(({ path, message }) => `${placeOf(path, candidate)} ${message}`.trim())
}

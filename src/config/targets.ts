/**
 * Lists of dialects (`wekan`) and routes (`xiot:PUT /v1/profile`) in settings, with or without a date. A path parameter is `{id}` or
 * `:id`; a date is a day in UTC (`2027-01-31`) or a time (`2027-01-31T12:00:00Z`).
 *
 * Only the form is checked here; src/rest/retirement.ts checks that the dialect or route exists.
 */
import * as z from 'zod'

export interface Target {
  /** As it was written. */
  readonly name: string
  readonly dialect: string
  /** `METHOD /path/:id`; absent: the whole dialect. */
  readonly route?: string
}

export interface DatedTarget extends Target {
  readonly date: Date
}

const TARGET = /^(?<dialect>[a-z][a-z\d-]{0,31})(?::(?<method>GET|POST|PUT|DELETE) (?<path>\/[^\s,=?#]*))?$/

const targetOf = (name: string): Target | undefined => {
  const { dialect = '', method, path } = TARGET.exec(name)?.groups ?? {}
  if (dialect === '') return undefined
  return path === undefined ? { name, dialect } : { name, dialect, route: `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}` }
}

const target = z.string().transform((name, context): Target => {
  const found = targetOf(name)
  if (found !== undefined) return found
  context.addIssue({ code: 'custom', message: `${JSON.stringify(name)} is neither a dialect nor a route such as xiot:PUT /v1/profile` })
  return z.NEVER
})

const date = z.union([z.iso.date(), z.iso.datetime({ precision: 0 })])

const datedTarget = z.string().transform((entry, context): DatedTarget => {
  const at = entry.lastIndexOf('=')
  const [found, day] = [targetOf(entry.slice(0, Math.max(at, 0))), date.safeParse(entry.slice(at + 1))]
  if (found !== undefined && day.success) return { ...found, date: new Date(day.data) }
  const message =
    found === undefined
      ? `${JSON.stringify(entry)} must be a dialect or a route, and a date: xiot=2027-01-31`
      : `${JSON.stringify(entry)} must end in a date like 2027-01-31 or 2027-01-31T12:00:00Z`
  context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const repeated = (targets: readonly Target[]): Target | undefined =>
  targets.find(({ dialect, route }, index) => targets.slice(0, index).some((other) => other.dialect === dialect && other.route === route))

/** A list in which each target occurs at most once. */
const once = <T extends Target>(entry: z.ZodType<T, string>) =>
  z.array(entry).superRefine((targets, context) => {
    const again = repeated(targets)
    if (again !== undefined) context.addIssue({ code: 'custom', message: `${JSON.stringify(again.name)} is listed twice` })
  })

export const targets = once(target)
export const datedTargets = once(datedTarget)

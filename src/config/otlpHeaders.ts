/** The headers of requests to a collector, as OpenTelemetry's programs read them: `name=value,name=value`, values percent-encoded. */
import * as z from 'zod'

/** RFC 9110, 5.1 and 5.5. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/
const VALUE = /^[\t\x20-\x7e\x80-\xff]+$/

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

const pairOf = (entry: string): readonly [string, string] | undefined => {
  const at = entry.indexOf('=')
  const [name, value] = [entry.slice(0, Math.max(0, at)).trim(), decoded(entry.slice(at + 1).trim())]
  return NAME.test(name) && value !== undefined && VALUE.test(value) ? [name.toLowerCase(), value] : undefined
}

/** Error messages never repeat them. */
export const otlpHeaders = z.string().transform((text, context): Readonly<Record<string, string>> => {
  const pairs = text === '' ? [] : text.split(',').map(pairOf)
  if (pairs.includes(undefined)) {
    context.addIssue({ code: 'custom', message: 'must be headers such as authorization=Bearer%20secret, separated by commas' })
    return z.NEVER
  }
  return Object.fromEntries(pairs as (readonly [string, string])[])
})

/**
 * The language that a request asks for (RFC 9110, 12.5.4), by lookup (RFC 4647, 3.4): `ar-EG` finds `ar`. The highest quality
 * wins, then a language that is named over `*`, then the place in the header.
 *
 * `negotiator` chooses. By itself it would obey malformed ranges (`ar;q=2`), prefer `ar` to an `en-GB` that comes first, and read headers
 * of any length: so it is given the well-formed among the first 20 ranges, without their subtags.
 */
import Negotiator from 'negotiator'

const MOST_RANGES = 20
const RANGE = /^[ \t]*(\*(?!-)|[a-z]{1,8})(?:-[a-z0-9]{1,8})*[ \t]*(;[ \t]*q=(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)[ \t]*)?$/i

const wellFormed = (header: string): string =>
  header
    .split(',', MOST_RANGES)
    .flatMap((part) => {
      const [, language, quality = ''] = RANGE.exec(part) ?? []
      return language === undefined ? [] : [`${language}${quality}`]
    })
    .join()

/** The one of `offered` languages, the preferred first, that the header asks for; null when it wants none of them. */
export function acceptLanguage<Language extends string>(header: string | null, offered: readonly Language[]): Language | null {
  if (header === null) return null
  const negotiator = new Negotiator({ headers: { 'accept-language': wellFormed(header) } })
  const language = negotiator.language([...offered])
  return offered.find((candidate) => candidate === language) ?? null
}

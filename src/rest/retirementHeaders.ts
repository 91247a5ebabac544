/**
 * The headers that tell a client of a route's retirement: `Deprecation` (RFC 9745, a structured field of type Date), `Sunset` (RFC
 * 8594, an HTTP-date), and `Link` to the page where it says what to do (RFC 9745, section 3; RFC 8594, section 6).
 */
import type { Row } from './dialect.ts'

const linkTo = (guide: string, relation: string): string => `<${guide}>; rel="${relation}"; type="text/html"`

/** By their names; none where there is no date. */
export const retirementHeaders = ({ retirement }: Row): Readonly<Record<string, string>> => {
  const { deprecation, sunset, guide } = retirement ?? {}
  const relations = [...(deprecation === undefined ? [] : ['deprecation']), ...(sunset === undefined ? [] : ['sunset'])]
  return {
    ...(deprecation === undefined ? {} : { Deprecation: `@${deprecation.getTime() / 1000}` }),
    ...(sunset === undefined ? {} : { Sunset: sunset.toUTCString() }),
    ...(guide === undefined || relations.length === 0 ? {} : { Link: relations.map((relation) => linkTo(guide, relation)).join(', ') }),
  }
}

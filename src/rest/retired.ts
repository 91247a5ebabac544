/**
 * The answers of a row that is being retired. Its headers say when: `Deprecation` (RFC 9745, a structured field of type Date), `Sunset`
 * (RFC 8594, an HTTP-date), and `Link` to the page that says what to do (RFC 9745, section 3; RFC 8594, section 6). A row that the settings
 * have closed has one answer.
 */
import type { Row } from './dialect.ts'

export interface Closed {
  readonly status: 403 | 410
  readonly message: string
}

export const SWITCHED_OFF = 'This route is switched off'
export const READ_ONLY = 'This route is read-only'

export const closedBy = ({ retirement }: Row): Closed | undefined => {
  if (retirement?.off === true) return { status: 410, message: SWITCHED_OFF }
  return retirement?.readOnly === true ? { status: 403, message: READ_ONLY } : undefined
}

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

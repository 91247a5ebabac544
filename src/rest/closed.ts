/**
 * The one answer of a row that the settings keep from its operation. It is given before anything of the request is read but its
 * method and path, so it tells nobody anything of tokens or accounts, and uses up no limit.
 */
import type { Row } from './dialect.ts'
import { READ_ONLY, SWITCHED_OFF } from './texts.ts'

export interface Closed {
  readonly status: 403 | 410
  readonly message: string
}

export const closedBy = ({ retirement }: Row): Closed | undefined => {
  if (retirement?.off === true) return { status: 410, message: SWITCHED_OFF }
  return retirement?.readOnly === true ? { status: 403, message: READ_ONLY } : undefined
}

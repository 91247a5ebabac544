/**
 * The one answer of a row that the settings keep from its operation.
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

/**
 * How `idiot` says what went wrong: the body of `/v1`, and its own words for an address that is taken.
 */
import { v1ErrorsWith } from '../v1/errors.ts'

export const idiotErrors = v1ErrorsWith({ EMAIL_TAKEN: 'Email already exists' })

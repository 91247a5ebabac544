/**
 * How `idiot` reports errors: the body of `/v1`, with its own text for an address that is taken.
 */
import { v1ErrorsWith } from '../v1/errors.ts'

export const idiotErrors = v1ErrorsWith({ EMAIL_TAKEN: 'Email already exists' })

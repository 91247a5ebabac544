/**
 * How `xiot` reports errors: the body of `/v1`, as its document prints it.
 */
import { v1Errors } from '../v1/errors.ts'

export const xiotErrors = v1Errors

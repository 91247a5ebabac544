/**
 * A field that the schema lets be null, where the operation always gives it to this caller.
 */

/** @throws if it is not there after all, which is a fault of ours */
export const given = <T>(value: T | null | undefined): T => {
  if (value === null || value === undefined) throw new Error('An operation left out what a dialect prints')
  return value
}

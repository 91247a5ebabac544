/** Cursors of keyset pages: opaque to clients; they hold a place in an order. */
import * as z from 'zod'
import { fieldFailure } from '../domain/base/errors.ts'
import { storable } from '../domain/base/input.ts'
import type { Place } from '../domain/base/pageWindow.ts'
import { asErrorValue } from './errorTypes.ts'

const shape = z.tuple([z.string(), z.string(), z.string().regex(/^\d{1,18}$/)])

export const encodePlace = (order: string, { value, seq }: Place): string =>
  Buffer.from(JSON.stringify([order, value, String(seq)])).toString('base64url')

/** @throws InputError if the text is not a cursor of this order; `field` is the argument that held it */
export const decodePlace = (field: string, cursor: string, order: string): Place => {
  try {
    const [given, value, seq] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (given === order && storable(value)) return { value, seq: BigInt(seq) }
  } catch {
    // Not base64url, not JSON, or not a place: the same failure.
  }
  throw asErrorValue(fieldFailure('INVALID_INPUT', field, 'is not a cursor of this list'))
}

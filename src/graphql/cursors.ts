/**
 * Cursors of keyset pages: opaque to clients, a place in an order to us.
 */
import { z } from 'zod'
import type { OrderField, Place } from '../domain/accounts/find.ts'
import { fieldFailure } from '../domain/errors.ts'
import { storable } from '../domain/input.ts'
import { asErrorValue } from './errors.ts'

const shape = z.tuple([z.enum(['seq', 'username', 'name']), z.string(), z.string().regex(/^\d{1,18}$/)])

export const encodePlace = (orderBy: OrderField, { value, seq }: Place): string =>
  Buffer.from(JSON.stringify([orderBy, value, String(seq)])).toString('base64url')

/** @throws InputError for text that is no cursor of ours; `field` is the argument that held it */
export const decodePlace = (field: string, cursor: string, orderBy: OrderField): Place => {
  try {
    const [order, value, seq] = shape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
    if (order === orderBy && storable(value)) return { value, seq: BigInt(seq) }
  } catch {
    // Neither base64url nor JSON nor a place: all the same to the caller.
  }
  throw asErrorValue(fieldFailure('INVALID_INPUT', field, 'is not a cursor of this list'))
}

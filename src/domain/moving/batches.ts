/**
 * Records of a source in batches that need little memory, each record with its number and its digest. The digest is a keyed hash: a plain
 * one would let who has the database try passwords against it, where the record had a fast hash.
 */
import { createHash } from 'node:crypto'
import type { Domain } from '../frame/domain.ts'

/** What an importer made of a record of its origin, or (`reason`) why it could not. */
export interface GivenRecord {
  readonly given: unknown
  readonly reason?: string
  /** What of it cannot be taken over, in words that are the same for all records. */
  readonly notes?: readonly string[]
}

export interface Numbered {
  /** In the source, from 1 on. */
  readonly number: number
  readonly record: GivenRecord
  /** With each SECRET_KEY, that of the first one first. */
  readonly digests: readonly string[]
  /** About how many bytes of memory it takes. */
  readonly size: number
}

/** A batch ends with whichever is reached first. */
const MOST_RECORDS = 500
const MOST_BYTES = 4 * 2 ** 20

export async function* numbered({ secretBox }: Pick<Domain, 'secretBox'>, source: AsyncIterable<GivenRecord>): AsyncGenerator<Numbered> {
  let number = 0
  for await (const record of source) {
    number += 1
    const text = `imported record ${record.reason ?? ''}\n${JSON.stringify(record.given) ?? ''}`
    yield { number, record, digests: secretBox.macs(text).map((mac) => mac.toString('base64url')), size: text.length }
  }
}

export async function* batchesOf(records: AsyncIterable<Numbered>): AsyncGenerator<readonly Numbered[]> {
  let batch: Numbered[] = []
  let bytes = 0
  for await (const record of records) {
    batch.push(record)
    bytes += record.size
    if (batch.length < MOST_RECORDS && bytes < MOST_BYTES) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

export const digestOf = ({ digests }: Pick<Numbered, 'digests'>): string => digests[0] ?? ''

/** The checkpoint after a record: a hash of all digests so far. The first one is the empty text. */
export const checkpointAfter = (checkpoint: string, record: Pick<Numbered, 'digests'>): string =>
  createHash('sha256')
    .update(`${checkpoint} ${digestOf(record)}`)
    .digest('base64url')

/**
 * After a change of SECRET_KEY: encrypts secrets of older keys again with the first key, so that the older keys can be removed
 * (docs/keys.md). It runs in the background, BATCH rows at a time in the order of their ids. Each row is written by
 * compare-and-set: a concurrent change wins, several processes may run this at once, and an interrupted run is continued by the
 * next. Rows that no key decrypts are not changed, and are logged once per process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Prisma, type PrismaClient } from '../db/generated/client.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { SecretBoxError } from '../domain/keys/secretBox.ts'
import { signingKeyContext } from '../domain/keys/signingKeys.ts'
import { recoveryKeyContext } from '../domain/twoFactor/importedCodes.ts'
import { totpContext } from '../domain/twoFactor/totp.ts'
import { previousSecretContext, secretContext } from '../domain/webhooks/signature.ts'

const BATCH = 100
/** How often a run repeats if rows changed meanwhile. */
const PASSES = 3

/** A column of envelopes, and the context of each. */
interface Place {
  readonly table: string
  readonly key: string
  readonly column: string
  /** The column with the id that the envelope is bound to; the key by default. */
  readonly boundTo?: string
  readonly context: (id: string) => string
}

/** All columns that are kept for long. Mails in the outbox are sent within days, so they are left out. */
const PLACES: readonly Place[] = [
  { table: 'signing_keys', key: 'kid', column: 'private_jwk', context: signingKeyContext },
  { table: 'users', key: 'id', column: 'two_factor_secret', context: totpContext },
  { table: 'users', key: 'id', column: 'two_factor_pending', context: totpContext },
  { table: 'webhooks', key: 'id', column: 'secret', context: secretContext },
  { table: 'webhooks', key: 'id', column: 'previous_secret', context: previousSecretContext },
  // All codes of an account have the same envelope.
  { table: 'recovery_codes', key: 'user_id', column: 'sealed_key', context: recoveryKeyContext },
  // After the accounts, whose values it copies.
  { table: 'account_undos', key: 'hash', column: 'two_factor_secret', boundTo: 'user_id', context: totpContext },
]

interface Row {
  readonly id: string
  readonly boundTo: string
  readonly envelope: string
}

const namesIn = ({ table, key, column, boundTo = key }: Place) =>
  [Prisma.raw(table), Prisma.raw(key), Prisma.raw(column), Prisma.raw(boundTo)] as const

/** The next rows whose envelope was not made with the first key. */
const findOld = async (db: PrismaClient, place: Place, prefix: string, after: string): Promise<Row[]> => {
  const [table, key, column, boundTo] = namesIn(place)
  return await db.$queryRaw<Row[]>`
    SELECT DISTINCT ${key} AS id, ${boundTo} AS "boundTo", ${column} AS envelope FROM ${table}
    WHERE ${column} IS NOT NULL AND NOT starts_with(${column}, ${prefix}) AND ${key} > ${after}
    ORDER BY ${key} LIMIT ${BATCH}`
}

/** Whether a row still had its envelope and now has the new one. */
const replace = async (db: PrismaClient, place: Place, { id, envelope }: Row, fresh: string): Promise<boolean> => {
  const [table, key, column] = namesIn(place)
  return (await db.$executeRaw`UPDATE ${table} SET ${column} = ${fresh} WHERE ${key} = ${id} AND ${column} = ${envelope}`) > 0
}

type Outcome = 'resealed' | 'overtaken' | 'lost'

const reseal = async ({ db, secretBox }: Domain, place: Place, row: Row): Promise<Outcome> => {
  try {
    const context = place.context(row.boundTo)
    const secret = secretBox.open(row.envelope, context)
    return (await replace(db, place, row, secretBox.seal(secret, context))) ? 'resealed' : 'overtaken'
  } catch (error) {
    if (error instanceof SecretBoxError) return 'lost'
    throw error
  }
}

/** Goes over all columns once, or until it is stopped, and returns the result for each row. */
async function* pass(domain: Domain, signal: AbortSignal): AsyncGenerator<{ place: Place; id: string; outcome: Outcome }> {
  for (const place of PLACES) {
    for (let rows: Row[] | undefined; rows === undefined || rows.length === BATCH; ) {
      rows = await findOld(domain.db, place, domain.secretBox.prefix, rows?.at(-1)?.id ?? '')
      for (const row of rows) {
        if (signal.aborted) return
        yield { place, id: row.id, outcome: await reseal(domain, place, row) }
        // The embedded database answers within the same turn of the event loop, which would leave no time for requests.
        await nextTurn()
      }
    }
  }
}

/** Creates the run. It logs how many secrets it encrypted again, and once that none is left under an older key. */
export function createResealer(domain: Domain): (signal: AbortSignal) => Promise<void> {
  const { log, secretBox } = domain
  const known = new Set<string>()
  let reported = false
  const tellLost = (place: string, id: string): void => {
    if (known.has(`${place} ${id}`)) return
    known.add(`${place} ${id}`)
    log.error({ place, id }, 'no SECRET_KEY decrypts this secret: it was not changed')
  }
  const once = async (signal: AbortSignal): Promise<Record<Outcome, number>> => {
    const counts = { resealed: 0, overtaken: 0, lost: 0 }
    for await (const { place, id, outcome } of pass(domain, signal)) {
      counts[outcome] += 1
      if (outcome === 'lost') tellLost(`${place.table}.${place.column}`, id)
    }
    if (counts.resealed > 0) log.info({ resealed: counts.resealed }, 'secrets were encrypted again with the first SECRET_KEY')
    return counts
  }
  return async (signal) => {
    let last = await once(signal)
    for (let passes = 1; last.overtaken > 0 && passes < PASSES; passes += 1) last = await once(signal)
    const done = secretBox.hasOlderKeys && last.overtaken === 0 && !signal.aborted
    if (done && (!reported || last.resealed > 0)) log.info({}, 'no secret is encrypted with an older SECRET_KEY any more')
    reported ||= done
  }
}

/**
 * After a rotation of SECRET_KEY: what an older key sealed is sealed anew with the first one, so that the older one can go
 * (docs/keys.md). Runs beside the requests, BATCH rows at a time in the order of their ids. Each row is compared and set: a change
 * in between wins, several processes may do it at once, and a run that was broken off is taken up by the next. What no key opens is
 * left as it is, and named once in the log of each process.
 */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Prisma, type PrismaClient } from '../db/generated/client.ts'
import type { Domain } from '../domain/frame/domain.ts'
import { SecretBoxError } from '../domain/keys/secretBox.ts'
import { signingKeyContext } from '../domain/keys/signingKeys.ts'
import { totpContext } from '../domain/twoFactor/totp.ts'

const BATCH = 100
/** How often a run goes over all, while something changed under its hands. */
const PASSES = 3

/** A column of envelopes, and what each is bound to. */
interface Place {
  readonly table: string
  readonly key: string
  readonly column: string
  /** Where the id that the envelope is bound to stands; the key, where it is not said. */
  readonly boundTo?: string
  readonly context: (id: string) => string
}

/** All that is kept for good. Mails in the outbox end within days, and are left to. */
const PLACES: readonly Place[] = [
  { table: 'signing_keys', key: 'kid', column: 'private_jwk', context: signingKeyContext },
  { table: 'users', key: 'id', column: 'two_factor_secret', context: totpContext },
  { table: 'users', key: 'id', column: 'two_factor_pending', context: totpContext },
  // After the accounts, from which it is copied.
  { table: 'account_undos', key: 'hash', column: 'two_factor_secret', boundTo: 'user_id', context: totpContext },
]

interface Row {
  readonly id: string
  readonly boundTo: string
  readonly envelope: string
}

const namesIn = ({ table, key, column, boundTo = key }: Place) =>
  [Prisma.raw(table), Prisma.raw(key), Prisma.raw(column), Prisma.raw(boundTo)] as const

/** The next rows whose envelope is not of the first key. */
const findOld = async (db: PrismaClient, place: Place, prefix: string, after: string): Promise<Row[]> => {
  const [table, key, column, boundTo] = namesIn(place)
  return await db.$queryRaw<Row[]>`
    SELECT ${key} AS id, ${boundTo} AS "boundTo", ${column} AS envelope FROM ${table}
    WHERE ${column} IS NOT NULL AND NOT starts_with(${column}, ${prefix}) AND ${key} > ${after}
    ORDER BY ${key} LIMIT ${BATCH}`
}

/** Whether the row still had its envelope, and has the new one now. */
const replace = async (db: PrismaClient, place: Place, { id, envelope }: Row, fresh: string): Promise<boolean> => {
  const [table, key, column] = namesIn(place)
  return (await db.$executeRaw`UPDATE ${table} SET ${column} = ${fresh} WHERE ${key} = ${id} AND ${column} = ${envelope}`) === 1
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

/** Goes over all places once, or until it is told to stop, and says what came of each row. */
async function* pass(domain: Domain, signal: AbortSignal): AsyncGenerator<{ place: Place; id: string; outcome: Outcome }> {
  for (const place of PLACES) {
    for (let rows: Row[] | undefined; rows === undefined || rows.length === BATCH; ) {
      rows = await findOld(domain.db, place, domain.secretBox.prefix, rows?.at(-1)?.id ?? '')
      for (const row of rows) {
        if (signal.aborted) return
        yield { place, id: row.id, outcome: await reseal(domain, place, row) }
        // The embedded database answers within the turn, and would leave no room for requests.
        await nextTurn()
      }
    }
  }
}

/** Makes the run, which logs how many secrets it sealed anew, and once that none is left under an older key. */
export function createResealer(domain: Domain): (signal: AbortSignal) => Promise<void> {
  const { log, secretBox } = domain
  const known = new Set<string>()
  let told = false
  const tellLost = (place: string, id: string): void => {
    if (known.has(`${place} ${id}`)) return
    known.add(`${place} ${id}`)
    log.error({ place, id }, 'no SECRET_KEY opens this secret: it is left as it is')
  }
  const once = async (signal: AbortSignal): Promise<Record<Outcome, number>> => {
    const counts = { resealed: 0, overtaken: 0, lost: 0 }
    for await (const { place, id, outcome } of pass(domain, signal)) {
      counts[outcome] += 1
      if (outcome === 'lost') tellLost(`${place.table}.${place.column}`, id)
    }
    if (counts.resealed > 0) log.info({ resealed: counts.resealed }, 'secrets were sealed anew with the first SECRET_KEY')
    return counts
  }
  return async (signal) => {
    let last = await once(signal)
    for (let passes = 1; last.overtaken > 0 && passes < PASSES; passes += 1) last = await once(signal)
    const done = secretBox.hasOlderKeys && last.overtaken === 0 && !signal.aborted
    if (done && (!told || last.resealed > 0)) log.info({}, 'no secret is sealed with an older SECRET_KEY any more')
    told ||= done
  }
}

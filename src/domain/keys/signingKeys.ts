/**
 * The keys that sign access tokens: ES256 (RFC 7518, 3.4), in the database, with the private half encrypted. The newest key signs;
 * an older one verifies until the last token it signed has expired, so a rotation ends no session.
 *
 * Several processes share the table: a key id that this process does not know is looked up with one statement.
 */
import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Config } from '../../config.ts'
import type { Prisma, PrismaClient, SigningKey } from '../../db/generated/client.ts'
import { inTransaction } from '../../db/transaction.ts'
import { storable } from '../base/input.ts'
import type { Clock } from '../base/ports.ts'
import type { SecretBox } from './secretBox.ts'

export const SIGNING_ALGORITHM = 'ES256'
/** Other processes may sign with the previous key until they read the table again. */
const MARGIN = 3_600_000
/** The maximum age of the cached public keys, in ms. */
const JWKS_AGE = 60_000

/** How long tokens of a key may be accepted after it stopped signing, in ms. */
const restOf = ({ ACCESS_TOKEN_LIFE, V1_SESSION_LIFE }: Config): number => Math.max(ACCESS_TOKEN_LIFE, V1_SESSION_LIFE) + MARGIN

/** Until when tokens of a key may be accepted that stops signing at `end`. */
export const acceptedUntil = (config: Config, end: Date): Date => new Date(end.getTime() + restOf(config))

/** What else is written in the transaction that makes a key. */
type Also = (tx: Prisma.TransactionClient, kid: string) => Promise<void>

export interface SigningKeys {
  /** The key that signs now. */
  signer(): { readonly kid: string; readonly privateKey: KeyObject }
  /** The public key with that id, or undefined. */
  verifier(kid: string): Promise<KeyObject | undefined>
  /** The public keys that verify now, in the form of RFC 7517; at most a minute old. */
  jwks(): Promise<{ keys: JWK[] }>
  /** Creates a new signing key, and does `also` in the same transaction; returns its id. */
  rotate(also: Also): Promise<string>
  /** Rotates if the newest key is older than SIGNING_KEY_LIFE, and deletes keys that no live token needs. */
  maintain(): Promise<void>
}

interface Loaded {
  readonly kid: string
  readonly createdAt: Date
  readonly publicJwk: JWK
  readonly publicKey: KeyObject
  readonly privateKey: KeyObject
}

interface Deps {
  readonly config: Config
  readonly db: PrismaClient
  readonly clock: Clock
  readonly secretBox: SecretBox
}

/** The context that a private key's envelope is bound to. */
export const signingKeyContext = (kid: string): string => `signing_keys.private_jwk:${kid}`

const load = ({ secretBox }: Deps, row: SigningKey): Loaded => {
  const privateJwk = JSON.parse(secretBox.open(row.privateJwk, signingKeyContext(row.kid))) as JsonWebKey
  const publicJwk = row.publicJwk as JWK
  return {
    kid: row.kid,
    createdAt: row.createdAt,
    publicJwk: { ...publicJwk, kid: row.kid, alg: SIGNING_ALGORITHM, use: 'sig' },
    publicKey: createPublicKey({ key: publicJwk as JsonWebKey, format: 'jwk' }),
    privateKey: createPrivateKey({ key: privateJwk, format: 'jwk' }),
  }
}

const generate = async () => {
  const pair = await generateKeyPair(SIGNING_ALGORITHM, { extractable: true })
  const publicJwk = await exportJWK(pair.publicKey)
  return { kid: await calculateJwkThumbprint(publicJwk), publicJwk, privateJwk: await exportJWK(pair.privateKey) }
}

/** Adds a new key, unless another process added one after `newerThan`, and does `also` in the same transaction. */
const insert = async (deps: Deps, newerThan: Date | null, also: Also): Promise<void> => {
  const made = await generate()
  const now = deps.clock.now()
  await inTransaction(deps.db, async (tx) => {
    await tx.$executeRaw`LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE`
    const newer = await tx.signingKey.findFirst({ where: newerThan === null ? {} : { createdAt: { gt: newerThan } } })
    if (newer !== null) return await also(tx, newer.kid)
    await tx.signingKey.updateMany({ where: { retiredAt: null }, data: { retiredAt: now } })
    await tx.signingKey.create({
      data: {
        kid: made.kid,
        publicJwk: made.publicJwk as object,
        privateJwk: deps.secretBox.seal(JSON.stringify(made.privateJwk), signingKeyContext(made.kid)),
        createdAt: now,
      },
    })
    await also(tx, made.kid)
  })
}

export async function createSigningKeys(deps: Deps): Promise<SigningKeys> {
  let loaded: Loaded[] = []
  let loadedAt = 0
  const reload = async () => {
    const now = deps.clock.now().getTime()
    const rows = await deps.db.signingKey.findMany({ orderBy: [{ createdAt: 'desc' }, { kid: 'asc' }] })
    loaded = rows.map((row) => load(deps, row))
    loadedAt = now
  }
  const newest = (): Loaded => {
    const [first] = loaded
    if (first === undefined) throw new Error('no signing key')
    return first
  }
  const rotate = async (also: Also = async () => undefined) => {
    await insert(deps, loaded[0]?.createdAt ?? null, also)
    await reload()
    return newest().kid
  }
  const lookUp = async (kid: string) => {
    const row = storable(kid) ? await deps.db.signingKey.findUnique({ where: { kid } }) : null
    if (row !== null) await reload()
    return find(kid)
  }
  const find = (kid: string) => loaded.find((key) => key.kid === kid)?.publicKey

  await reload()
  if (loaded.length === 0) await rotate()
  return {
    signer: newest,
    async verifier(kid) {
      return find(kid) ?? (await lookUp(kid))
    },
    async jwks() {
      if (deps.clock.now().getTime() - loadedAt > JWKS_AGE) await reload()
      return { keys: loaded.map((key) => key.publicJwk) }
    },
    async rotate(also) {
      // Otherwise a rotation by another process since the last read would be taken for the requested one.
      await reload()
      return await rotate(also)
    },
    async maintain() {
      const now = deps.clock.now().getTime()
      await deps.db.signingKey.deleteMany({ where: { retiredAt: { lt: new Date(now - restOf(deps.config)) } } })
      if (now - newest().createdAt.getTime() >= deps.config.SIGNING_KEY_LIFE) await rotate()
      else await reload()
    },
  }
}

/** Builds the domain from its ports. No other file creates its parts. */
import type { Pool } from 'pg'
import type { Config } from '../config.ts'
import type { PrismaClient } from '../db/generated/client.ts'
import type { Lists } from '../db/lists.ts'
import type { Outage } from '../db/outage.ts'
import type { Reader } from '../db/reader.ts'
import type { Clock, Deliver, IsPwned, Log, RandomBytes, WebhookSender } from './base/ports.ts'
import { surfaceTable } from './base/surfaces.ts'
import type { Domain } from './frame/domain.ts'
import type { Program } from './frame/program.ts'
import type { ServedDialect } from './frame/servedDialect.ts'
import { createWaker } from './frame/waker.ts'
import type { Argon2 } from './hashing/argon2.ts'
import type { HashFamilyMaker } from './hashing/families/made.ts'
import { createHasher } from './hashing/hasher.ts'
import { createSecretBox } from './keys/secretBox.ts'
import { createSigningKeys } from './keys/signingKeys.ts'
import { createLimits } from './limits/limits.ts'
import { createThrottle } from './limits/throttle.ts'
import { createRefreshTokens } from './secrets/refreshToken.ts'
import { createUsage } from './usage/gatherUses.ts'
import { createLastSeen } from './usage/lastSeen.ts'

export interface DomainDeps {
  readonly config: Config
  readonly db: PrismaClient
  readonly reader: Reader
  readonly lists: Lists
  /** Set if several processes share the database; the embedded one has one process. */
  readonly pool: Pool | undefined
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly log: Log
  readonly outage: Outage
  readonly deliver: Deliver
  readonly isPwned: IsPwned
  readonly webhookSender: WebhookSender
  readonly secretKeys: readonly string[]
  readonly program?: Program
  /** Those that are served; by default none. */
  readonly dialects?: readonly ServedDialect[]
  /** What computes hashes; by default the faster library that can be loaded. */
  readonly argon2?: Argon2 | undefined
  /** Further families of password hashes. */
  readonly hashFamilies?: readonly HashFamilyMaker[]
}

/** @throws {SecretBoxError} if the keys in the database were encrypted with another SECRET_KEY */
export async function createDomain({ pool, secretKeys, argon2, hashFamilies, ...deps }: DomainDeps): Promise<Domain> {
  const secretBox = createSecretBox(secretKeys, deps.randomBytes)
  return {
    dialects: [],
    program: { version: 'unknown', database: pool === undefined ? 'pglite' : 'postgresql' },
    startedAt: deps.clock.now(),
    ...deps,
    secretBox,
    surfaces: surfaceTable(deps.config),
    hasher: await createHasher(deps.config, argon2, hashFamilies),
    limits: createLimits(deps.config, pool),
    signingKeys: await createSigningKeys({ ...deps, secretBox }),
    refreshTokens: createRefreshTokens(secretBox),
    lastSeen: createLastSeen({ ...deps, shared: pool !== undefined }),
    usage: createUsage(deps),
    auditThrottle: createThrottle(deps.clock),
    outbox: createWaker(),
    webhooks: createWaker(),
  }
}

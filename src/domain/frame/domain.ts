/** What every operation gets: the database, the rules, and the ports to the outside. Built once, in `createDomain.ts`. */
import type { Config } from '../../config.ts'
import type { Prisma, PrismaClient } from '../../db/generated/client.ts'
import type { Lists } from '../../db/lists.ts'
import type { Outage } from '../../db/outage.ts'
import type { Reader } from '../../db/reader.ts'
import type { Clock, Deliver, IsPwned, Log, RandomBytes, WebhookSender } from '../base/ports.ts'
import type { SurfaceTable } from '../base/surfaces.ts'
import type { Hasher } from '../hashing/hasher.ts'
import type { SecretBox } from '../keys/secretBox.ts'
import type { SigningKeys } from '../keys/signingKeys.ts'
import type { Limits } from '../limits/limits.ts'
import type { Throttle } from '../limits/throttle.ts'
import type { RefreshTokens } from '../secrets/refreshToken.ts'
import type { Usage } from '../usage/gatherUses.ts'
import type { LastSeen } from '../usage/lastSeen.ts'
import type { Program } from './program.ts'
import type { ServedDialect } from './servedDialect.ts'
import type { Waker } from './waker.ts'

export interface Domain {
  readonly config: Config
  readonly db: PrismaClient
  /** Finds the session of each request. */
  readonly reader: Reader
  /** Reads lists, which may be a little behind. */
  readonly lists: Lists
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly log: Log
  /** Knows which errors mean that the database is away for a time. */
  readonly outage: Outage
  readonly deliver: Deliver
  readonly isPwned: IsPwned
  readonly webhookSender: WebhookSender
  readonly outbox: Waker
  /** Wakes the worker that sends webhooks. */
  readonly webhooks: Waker
  readonly surfaces: SurfaceTable
  /** When this process began to use the database. */
  readonly startedAt: Date
  readonly program: Program
  /** Empty for a command, which serves none. */
  readonly dialects: readonly ServedDialect[]
  readonly hasher: Hasher
  readonly limits: Limits
  readonly secretBox: SecretBox
  readonly signingKeys: SigningKeys
  readonly refreshTokens: RefreshTokens
  readonly lastSeen: LastSeen
  readonly usage: Usage
  readonly auditThrottle: Throttle
}

/** The client, or an open interactive transaction of it. */
export type Tx = Prisma.TransactionClient

/** The time `milliseconds` from now. */
export const later = (domain: Pick<Domain, 'clock'>, milliseconds: number): Date => new Date(domain.clock.now().getTime() + milliseconds)

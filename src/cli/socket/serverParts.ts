/** What a running server has open, for the commands that run in it. */
import type { Config } from '../../config.ts'
import type { Database } from '../../db/database.ts'
import type { Log } from '../../domain/base/ports.ts'
import type { Domain } from '../../domain/frame/domain.ts'

export interface ServerParts {
  readonly config: Config
  readonly dataDir: string
  readonly root: string
  readonly database: Database
  readonly domain: Domain
  readonly log: Log
}

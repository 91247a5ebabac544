/** What the settings say about the database. */
import type { Config } from '../config.ts'
import type { OpenOptions } from './database.ts'
import { waitsOf } from './waits.ts'

/** The replica, which only a server needs. */
export const replicaOptions = ({ DATABASE_READ_URL: url, DATABASE_READ_MAX_LAG: maxLag }: Config): OpenOptions['replica'] =>
  url === undefined ? undefined : { url, maxLag }

export const databaseOptions = (config: Config): Pick<OpenOptions, 'url' | 'poolerMode' | 'poolSize' | 'waits'> => ({
  url: config.DATABASE_URL,
  poolerMode: config.DATABASE_POOLER_MODE,
  poolSize: config.DATABASE_POOL_SIZE,
  waits: waitsOf(config),
})

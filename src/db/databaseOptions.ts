/** What the settings say about the database. */
import type { Config } from '../config.ts'
import type { OpenOptions } from './database.ts'
import { waitsOf } from './waits.ts'

export const databaseOptions = (config: Config): Pick<OpenOptions, 'url' | 'poolerMode' | 'waits'> => ({
  url: config.DATABASE_URL,
  poolerMode: config.DATABASE_POOLER_MODE,
  waits: waitsOf(config),
})

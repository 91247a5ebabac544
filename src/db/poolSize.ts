/** How many connections to PostgreSQL a process opens. */
import { readConfig } from '../config.ts'
import { LANES } from './pipelinedReader.ts'

/** Without a setting: those for statements. */
export const usualPoolSize = (): number => readConfig({}).DATABASE_POOL_SIZE

/** One for the readiness check. */
const PROBE = 1

/** All that a process has open at most, once it serves, with `poolSize` for statements. */
export const connectionsOfProcess = (poolSize: number): number => poolSize + LANES + PROBE

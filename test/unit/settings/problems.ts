/** What is reported of settings that are refused. */
import { ConfigError, readConfig } from '../../../src/config.ts'

export const problemsOf = (env: Readonly<Record<string, string>>): readonly string[] => {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

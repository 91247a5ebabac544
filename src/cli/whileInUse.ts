/** What a person can do where another process, such as a server, has the embedded database. */
import { InUse, StartupError } from '../db/startupError.ts'

/** The same; an error because the data directory is in use also says `remedy`. @throws {StartupError} */
export const orSayWhileInUse = async <T>(remedy: string, opening: Promise<T>): Promise<T> =>
  await opening.catch((error: unknown) => {
    throw error instanceof InUse ? new StartupError(`${error.message}. ${remedy}`, { cause: error }) : error
  })

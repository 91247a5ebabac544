/** A process that holds the data directory it is given, says `held` or why it may not, and stays until it is killed. */
import { lockDirectory } from '../../src/db/dataLock.ts'

export async function main({ args: [directory = ''] }: { args: readonly string[] }): Promise<void> {
  const lock = await lockDirectory(directory).catch((error: Error) => error.message)
  process.stdout.write(typeof lock === 'string' ? `${lock}\n` : 'held\n')
  if (typeof lock !== 'string') setInterval(() => {}, 60_000)
}

/** Every command but `serve` and `completion`, which only `src/cli.ts` has, in the order of the help. A group is the first word of several commands. */
import type { CliCommand } from './command.ts'
import { migrate } from './commands/migrate.ts'
import { usage } from './commands/usage.ts'
import { userCreate } from './commands/userCreate.ts'

export const groups: Readonly<Record<string, string>> = {
  user: 'Accounts: find, make, change and delete them',
  session: 'Sessions of accounts',
  token: 'Personal access tokens',
  keys: 'Keys that sign access tokens',
  import: 'Bring in accounts of other programs',
  export: 'Write accounts into files',
}

export const commands: readonly CliCommand[] = [migrate, usage, userCreate]

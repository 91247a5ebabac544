/** Every command but `serve` and `completion`, which only `src/cli.ts` has, in the order of the help. */
import type { CliCommand } from './command.ts'
import { backup } from './commands/backup.ts'
import { doctor } from './commands/doctor.ts'
import { doctorDatabase } from './commands/doctorDatabase.ts'
import { exportAll } from './commands/exportAll.ts'
import { exportAudit } from './commands/exportAudit.ts'
import { exportOrigins } from './commands/exportOrigins.ts'
import { exportUser } from './commands/exportUser.ts'
import { importCommands } from './commands/importAccounts.ts'
import { importList } from './commands/importList.ts'
import { importShow } from './commands/importShow.ts'
import { importUndo } from './commands/importUndo.ts'
import { keysRotate } from './commands/keysRotate.ts'
import { migrate } from './commands/migrate.ts'
import { move } from './commands/move.ts'
import { restore } from './commands/restore.ts'
import { sessionEnd } from './commands/sessionEnd.ts'
import { sessionList } from './commands/sessionList.ts'
import { tokenList } from './commands/tokenList.ts'
import { tokenRevoke } from './commands/tokenRevoke.ts'
import { usage } from './commands/usage.ts'
import { userCreate } from './commands/userCreate.ts'
import { userDelete } from './commands/userDelete.ts'
import { userDisable, userEnable } from './commands/userDisable.ts'
import { userGrant } from './commands/userGrant.ts'
import { userList } from './commands/userList.ts'
import { userResetTwoFactor } from './commands/userResetTwoFactor.ts'
import { userSetPassword } from './commands/userSetPassword.ts'
import { userShow } from './commands/userShow.ts'
import { webhookCreate } from './commands/webhookCreate.ts'
import { webhookDelete } from './commands/webhookDelete.ts'
import { webhookDeliveries } from './commands/webhookDeliveries.ts'
import { webhookList } from './commands/webhookList.ts'
import { webhookRedeliver } from './commands/webhookRedeliver.ts'
import { webhookRotate } from './commands/webhookRotate.ts'
import { webhookUpdate } from './commands/webhookUpdate.ts'

/** What the first word of several commands is about. */
export const groups: Readonly<Record<string, string>> = {
  user: 'Accounts: find, make, change and delete them',
  session: 'Sessions of accounts',
  token: 'Personal access tokens',
  keys: 'Keys that sign access tokens',
  webhook: 'Webhooks, which get events of the audit log',
  import: 'Bring in accounts of other programs',
  export: 'Write accounts, or the audit log, into files',
}

export const commands: readonly CliCommand[] = [
  migrate,
  doctor,
  doctorDatabase,
  ...importCommands,
  importList,
  importShow,
  importUndo,
  usage,
  userCreate,
  userList,
  userShow,
  userDisable,
  userEnable,
  userGrant,
  userSetPassword,
  userResetTwoFactor,
  userDelete,
  sessionList,
  sessionEnd,
  tokenList,
  tokenRevoke,
  keysRotate,
  webhookCreate,
  webhookList,
  webhookUpdate,
  webhookRotate,
  webhookDelete,
  webhookDeliveries,
  webhookRedeliver,
  exportAll,
  exportUser,
  exportAudit,
  ...exportOrigins,
  backup,
  restore,
  move,
]

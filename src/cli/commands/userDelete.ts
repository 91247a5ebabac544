/** `vestibule user delete` deletes an account with all its data but its audit events. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount, nameOf } from '../findAccount.ts'

export const userDelete = defineCommand<'domain', { readonly user: string }>({
  name: 'user delete',
  summary: 'Delete an account with all its data but its audit events',
  examples: [
    ['user delete ada@example.com', 'asks before'],
    ['user delete ada@example.com --yes', 'does not ask'],
  ],
  needs: 'domain',
  asks: true,
  define: (command) => void command.argument('<user>', 'id, username or e-mail address'),
  async run({ domain, caller, operations, output, confirm }, { user }) {
    const { id, username, email } = await findAccount(domain, user)
    if (!(await confirm(`Delete the account ${nameOf({ id, username })} with all its data?`))) return exitCodes.refused
    await operations.deleteUser(caller, { id })
    await output.result({ id, username, email, deleted: true }, `Deleted ${nameOf({ id, username })}.`)
    return exitCodes.done
  },
})

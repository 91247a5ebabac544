/** `vestibule user create` makes an account, and with `--admin` an administrator. */

import { choosePassword, type PasswordArgs, passwordOptions } from '../choosePassword.ts'
import { defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { collect } from '../repeated.ts'
import { accountText, shownAccount } from '../showAccount.ts'

interface Args extends PasswordArgs {
  readonly email?: string
  readonly username?: string
  readonly fullName?: string
  readonly admin?: true
  readonly scope: readonly string[]
}

export const userCreate = defineCommand<'domain', Args>({
  name: 'user create',
  summary: 'Make an account',
  examples: [
    ['user create --email ada@example.com', 'asks for the password'],
    ['user create --username root --admin --generate', 'makes an administrator, and prints a password'],
    ['user create --email ada@example.com --json <password.txt', 'the password is the first line of a file'],
  ],
  needs: 'domain',
  define: (command) => {
    command
      .option('--email <address>', 'its e-mail address')
      .option('--username <name>', 'its username; by default made from the address')
      .option('--full-name <name>', 'the name of the person')
      .option('--admin', 'make it an administrator')
      .option('--scope <scope>', 'what else it may do, such as users:read; may be repeated', collect, [])
    passwordOptions(command)
  },
  async run(context, { email, username, fullName, admin = false, scope, ...how }) {
    const { caller, operations, output } = context
    if (email === undefined && username === undefined) throw new WrongUse('an account needs --email or --username')
    const { password, generated } = await choosePassword(context, how)
    const input = { password, email, username, name: fullName, scopes: scope }
    const created = await operations.createUser(caller, input)
    const account = admin && !created.isAdmin ? await operations.setAdmin(caller, { id: created.id, isAdmin: true }) : created
    const shown = shownAccount(account)
    await output.result(
      generated ? { ...shown, password } : shown,
      `Created.\n${accountText(account)}${generated ? `\npassword  ${password}` : ''}`,
    )
    return exitCodes.done
  },
})

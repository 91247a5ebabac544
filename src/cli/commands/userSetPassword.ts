/** `vestibule user set-password`, for somebody whom no mail reaches. */
import { choosePassword, type PasswordArgs, passwordOptions } from '../choosePassword.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount, nameOf } from '../findAccount.ts'

interface Args extends PasswordArgs {
  readonly user: string
  /** False with `--no-must-change`. */
  readonly mustChange: boolean
}

export const userSetPassword = defineCommand<'domain', Args>({
  name: 'user set-password',
  summary: 'Set the password of an account, and end its sessions',
  examples: [
    ['user set-password ada', 'asks for the password; ada must change it after the next sign-in'],
    ['user set-password ada --generate', 'makes one and prints it'],
    ['user set-password ada --no-must-change <password.txt', 'the first line of a file, for good'],
  ],
  needs: 'domain',
  define: (command) => {
    command.argument('<user>', 'id, username or e-mail address')
    passwordOptions(command).option('--no-must-change', 'the owner need not change it after the next sign-in')
  },
  async run(context, { user, mustChange, ...how }) {
    const { domain, caller, output } = context
    const { id, username } = await findAccount(domain, user)
    const { password, generated } = await choosePassword(context, how)
    // With the list of common passwords.
    const { setPassword } = await import('../../domain/administration/setPassword.ts')
    await setPassword(domain, caller, { id, password, mustChange })
    const said = `The password of ${nameOf({ id, username })} is set, and all sessions have ended.`
    const shown = { id, username, mustChangePassword: mustChange }
    await output.result(generated ? { ...shown, password } : shown, generated ? `${said}\npassword  ${password}` : said)
    return exitCodes.done
  },
})

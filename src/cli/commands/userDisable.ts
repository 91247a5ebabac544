/** `vestibule user disable` and `user enable`: whether somebody may sign in. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount, nameOf } from '../findAccount.ts'
import { shownAccount } from '../showAccount.ts'

const setting = (verb: 'disable' | 'enable', summary: string, does: string) =>
  defineCommand<'domain', { readonly user: string }>({
    name: `user ${verb}`,
    summary,
    examples: [[`user ${verb} ada@example.com`, does]],
    needs: 'domain',
    define: (command) => void command.argument('<user>', 'id, username or e-mail address'),
    async run({ domain, caller, operations, output }, { user }) {
      const { id } = await findAccount(domain, user)
      const account = await operations.setLoginEnabled(caller, { id, enabled: verb === 'enable' })
      await output.result(shownAccount(account), `${nameOf(account)} ${verb === 'enable' ? 'may sign in' : 'may not sign in any more'}.`)
      return exitCodes.done
    },
  })

export const userDisable = setting('disable', 'Refuse the sign-in of an account, and end its sessions', 'signs the account out everywhere')
export const userEnable = setting('enable', 'Allow the sign-in of an account again', 'also resets the count of wrong passwords')

/** `vestibule user reset-2fa`, for somebody who lost the second factor. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount, nameOf } from '../findAccount.ts'
import { shownAccount } from '../showAccount.ts'

export const userResetTwoFactor = defineCommand<'domain', { readonly user: string }>({
  name: 'user reset-2fa',
  summary: 'Remove the second factor of an account whose owner lost it',
  examples: [
    ['user reset-2fa ada', 'asks before; make sure that it is ada who asks for it'],
    ['user reset-2fa ada --yes', 'does not ask'],
  ],
  needs: 'domain',
  asks: true,
  define: (command) => void command.argument('<user>', 'id, username or e-mail address'),
  async run({ domain, caller, operations, output, confirm }, { user }) {
    const found = await findAccount(domain, user)
    if (!(await confirm(`Remove the second factor of ${nameOf(found)}? The password alone will then sign in.`))) return exitCodes.refused
    const account = await operations.resetTwoFactor(caller, { id: found.id })
    await output.result(shownAccount(account), `${nameOf(account)} has no second factor any more.`)
    return exitCodes.done
  },
})

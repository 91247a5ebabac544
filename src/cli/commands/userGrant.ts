/** `vestibule user grant` gives an account rights, or takes them away. */
import type { Account } from '../../domain/frame/account.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { findAccount } from '../findAccount.ts'
import { collect } from '../repeated.ts'
import { accountText, shownAccount } from '../showAccount.ts'

interface Args {
  readonly user: string
  readonly admin?: true
  readonly scope: readonly string[]
  readonly revoke?: true
}

const withScopes = async ({ caller, operations }: CommandContext, { id, scopes }: Account, args: Args): Promise<Account> => {
  const kept = scopes.filter((held) => !args.scope.includes(held))
  return await operations.setScopes(caller, { id, scopes: args.revoke === true ? kept : [...kept, ...args.scope] })
}

export const userGrant = defineCommand<'domain', Args>({
  name: 'user grant',
  summary: 'Give an account rights, or take them away',
  examples: [
    ['user grant ada --admin', 'makes an administrator'],
    ['user grant ada --admin --revoke', 'makes an ordinary account of an administrator'],
    ['user grant ada --scope users:read --scope users:create', 'beside those that it has'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('<user>', 'id, username or e-mail address')
      .option('--admin', 'all rights of an administrator')
      .option('--scope <scope>', 'a right such as users:read; may be repeated', collect, [])
      .option('--revoke', 'take these rights away'),
  async run(context, args) {
    const { domain, caller, operations, output } = context
    if (args.admin === undefined && args.scope.length === 0) throw new WrongUse('say what: --admin or --scope')
    let account = await findAccount(domain, args.user)
    // The scopes first: an unknown one is refused before anything is changed.
    if (args.scope.length > 0) account = await withScopes(context, account, args)
    if (args.admin !== undefined) account = await operations.setAdmin(caller, { id: account.id, isAdmin: args.revoke !== true })
    await output.result(shownAccount(account), accountText(account))
    return exitCodes.done
  },
})

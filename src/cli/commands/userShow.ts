/** `vestibule user show` prints what is known of an account, without anything secret. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount } from '../findAccount.ts'
import { factsText, shownAccount } from '../showAccount.ts'

export const userShow = defineCommand<'domain', { readonly user: string }>({
  name: 'user show',
  summary: 'Print what is known of an account',
  examples: [
    ['user show ada@example.com', 'an account by its address'],
    ['user show ada --json', 'by its username, for programs'],
  ],
  needs: 'domain',
  define: (command) => void command.argument('<user>', 'id, username or e-mail address'),
  async run({ domain, output }, { user }) {
    const account = await findAccount(domain, user)
    const { sessionsOf } = await import('../../domain/sessions/list.ts')
    const { personalTokensOf } = await import('../../domain/personalTokens/findPersonalTokens.ts')
    const [sessions = []] = await sessionsOf(domain, [account.id])
    const [tokens = []] = await personalTokensOf(domain, [account.id])
    const shown = {
      ...shownAccount(account),
      hasPassword: account.passwordHash !== null,
      sessions: sessions.length,
      personalAccessTokens: tokens.length,
    }
    await output.result(shown, factsText(shown))
    return exitCodes.done
  },
})

/** `vestibule token list` prints the personal access tokens of an account, never their secrets. */
import type { PersonalToken } from '../../domain/personalTokens/findPersonalTokens.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount } from '../findAccount.ts'
import { printable } from '../showAccount.ts'

const line = ({ id, name, scopes, expiresAt }: PersonalToken): string =>
  [id, printable(name), scopes.length === 0 ? '-' : scopes.join(','), `expires ${expiresAt.toISOString()}`].join('  ')

export const tokenList = defineCommand<'domain', { readonly user: string }>({
  name: 'token list',
  summary: 'List the personal access tokens of an account',
  examples: [
    ['token list ada', 'the newest first'],
    ['token list ada --json', 'one JSON document a line'],
  ],
  needs: 'domain',
  define: (command) => void command.argument('<user>', 'id, username or e-mail address'),
  async run({ domain, output }, { user }) {
    const { id } = await findAccount(domain, user)
    const { personalTokensOf } = await import('../../domain/personalTokens/findPersonalTokens.ts')
    const [tokens = []] = await personalTokensOf(domain, [id])
    for (const token of tokens) await output.record(token, line(token))
    return exitCodes.done
  },
})

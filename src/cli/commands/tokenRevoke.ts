/** `vestibule token revoke` revokes a personal access token. */
import { Failure } from '../../domain/base/errors.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { printable } from '../showAccount.ts'

export const tokenRevoke = defineCommand<'domain', { readonly token: string }>({
  name: 'token revoke',
  summary: 'Revoke a personal access token',
  examples: [['token revoke 0b4e...', 'by the id that `token list` prints, not by its secret']],
  needs: 'domain',
  define: (command) => void command.argument('<token>', 'the id of a token'),
  async run({ caller, operations, output }, { token }) {
    const revoked = await operations.revokePersonalAccessToken(caller, { id: token }).catch((error: unknown) => {
      throw error instanceof Failure && error.code === 'NOT_FOUND'
        ? new Failure('NOT_FOUND', { message: `There is no live personal access token ${printable(token)}` })
        : error
    })
    await output.result(revoked, `Revoked the personal access token ${printable(revoked.name)} (${revoked.id}).`)
    return exitCodes.done
  },
})

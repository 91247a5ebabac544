/** `vestibule session end` ends one session, or all of an account. */
import { Failure } from '../../domain/base/errors.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { findAccount, nameOf } from '../findAccount.ts'
import { printable } from '../showAccount.ts'

interface Args {
  readonly session?: string
  readonly allOf?: string
}

const endAll = async ({ domain, caller, operations, output }: CommandContext, user: string): Promise<void> => {
  const account = await findAccount(domain, user)
  const ended = await operations.endUserSessions(caller, { id: account.id })
  await output.result({ userId: account.id, ended }, `Ended all sessions and personal access tokens of ${nameOf(account)}: ${ended}.`)
}

const endOne = async ({ caller, operations, output }: CommandContext, id: string): Promise<void> => {
  const { userId } = await operations.endSession(caller, { id }).catch((error: unknown) => {
    throw error instanceof Failure && error.code === 'NOT_FOUND'
      ? new Failure('NOT_FOUND', { message: `There is no live session ${printable(id)}` })
      : error
  })
  await output.result({ id, userId, ended: 1 }, `Ended the session ${id}.`)
}

export const sessionEnd = defineCommand<'domain', Args>({
  name: 'session end',
  summary: 'End a session, or all sessions and tokens of an account',
  examples: [
    ['session end 0b4e...', 'one session, by the id that `session list` prints'],
    ['session end --all-of ada@example.com', 'signs ada out everywhere'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .argument('[session]', 'the id of a session')
      .option('--all-of <user>', 'all of this account: id, username or e-mail address'),
  async run(context, { session, allOf }) {
    if ((session === undefined) === (allOf === undefined)) throw new WrongUse('say which: the id of a session, or --all-of')
    if (allOf !== undefined) await endAll(context, allOf)
    else if (session !== undefined) await endOne(context, session)
    return exitCodes.done
  },
})

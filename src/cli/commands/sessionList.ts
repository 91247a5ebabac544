/** `vestibule session list` prints the live sessions of an account. */
import type { ListedSession } from '../../domain/sessions/list.ts'
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'
import { findAccount } from '../findAccount.ts'
import { printable } from '../showAccount.ts'

const shown = ({ id, surface, createdAt, lastSeenAt, expiresAt, clientAddress, userAgent }: ListedSession) => ({
  id,
  surface,
  createdAt,
  lastSeenAt,
  expiresAt,
  clientAddress,
  userAgent,
})

const line = ({ id, surface, lastSeenAt, clientAddress, userAgent }: ListedSession): string =>
  [id, surface, `last seen ${lastSeenAt.toISOString()}`, clientAddress, printable(userAgent ?? '-')].join('  ')

export const sessionList = defineCommand<'domain', { readonly user: string }>({
  name: 'session list',
  summary: 'List the live sessions of an account, the newest first',
  examples: [
    ['session list ada', 'where ada is signed in'],
    ['session list ada --json', 'one JSON document a line'],
  ],
  needs: 'domain',
  define: (command) => void command.argument('<user>', 'id, username or e-mail address'),
  async run({ domain, output }, { user }) {
    const { id } = await findAccount(domain, user)
    const { sessionsOf } = await import('../../domain/sessions/list.ts')
    const [sessions = []] = await sessionsOf(domain, [id])
    for (const session of sessions) await output.record(shown(session), line(session))
    return exitCodes.done
  },
})

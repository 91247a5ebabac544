/** `vestibule user list` prints accounts in the order of their creation, as many as there are, page by page. */

import type { ListedAccount } from '../../domain/accounts/accountJson.ts'
import { MAX_PAGE, type Place } from '../../domain/base/pageWindow.ts'
import type { Account } from '../../domain/frame/account.ts'
import { type CommandContext, defineCommand } from '../command.ts'
import { exitCodes, WrongUse } from '../exitCodes.ts'
import { accountLine, shownAccount } from '../showAccount.ts'

interface Args {
  readonly search?: string
  readonly admins?: true
  readonly disabled?: true
  readonly limit?: string
}

/** @throws {WrongUse} */
const limitOf = (text: string | undefined): number => {
  if (text === undefined) return Number.POSITIVE_INFINITY
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
  throw new WrongUse('--limit: must be a whole number from 1 on')
}

async function* pages({ operations, caller, signal }: CommandContext, { search, admins, disabled }: Args): AsyncGenerator<ListedAccount[]> {
  const filter = { ...(admins === true ? { isAdmin: true } : {}), ...(disabled === true ? { loginDisabled: true } : {}) }
  const { placeOf } = await import('../../domain/accounts/findUsers.ts')
  let after: Place | undefined
  for (;;) {
    signal.throwIfAborted()
    const page = { search, filter, orderBy: 'seq', direction: 'asc', backwards: false, isWhole: true, limit: MAX_PAGE, after } as const
    const found = await operations.users(caller, page)
    yield found
    const last = found.at(-1)
    if (last === undefined || found.length < MAX_PAGE) return
    after = placeOf(last, 'seq')
  }
}

export const userList = defineCommand<'domain', Args>({
  name: 'user list',
  summary: 'List accounts, the oldest first',
  examples: [
    ['user list --admins', 'all administrators'],
    ['user list --search example.com --limit 20', 'whose name, username or address has this text'],
    ['user list --json', 'one JSON document a line, for programs'],
  ],
  needs: 'domain',
  define: (command) =>
    void command
      .option('--search <text>', 'part of the name, username or address')
      .option('--admins', 'only administrators')
      .option('--disabled', 'only those who may not sign in')
      .option('--limit <number>', 'at most so many'),
  async run(context, args) {
    let left = limitOf(args.limit)
    for await (const page of pages(context, args)) {
      for (const account of page.slice(0, left)) await context.output.record(shownAccount(account as Account), accountLine(account))
      left -= page.length
      if (left <= 0) break
    }
    return exitCodes.done
  },
})

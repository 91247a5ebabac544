/**
 * Uses the client in a terminal: signs in (and asks for a code if the account has a second factor), shows the account, refreshes the
 * session, lists the users if allowed, and signs out.
 *
 * `npm run example:client -- URL IDENTIFIER PASSWORD [--persisted]`, where URL is such as http://localhost:4000/graphql
 */
import { createInterface } from 'node:readline/promises'
import { openAccount, type Result } from './account.ts'

export interface Terminal {
  say(line: string): void
  ask(question: string): Promise<string>
}

const describe = <Value>(result: Result<Value>, print: (value: Value) => string): string =>
  'value' in result ? print(result.value) : `${result.problem.code}: ${result.problem.message}`

const USAGE = 'usage: npm run example:client -- URL IDENTIFIER PASSWORD [--persisted], with a URL such as http://localhost:4000/graphql'

/** @returns whether the sign-in succeeded */
export async function tour(args: readonly string[], { say, ask }: Terminal): Promise<boolean> {
  const persisted = args.includes('--persisted')
  const [url, identifier, password, ...rest] = args.filter((argument) => argument !== '--persisted')
  if (url === undefined || identifier === undefined || password === undefined || rest.length > 0) {
    say(USAGE)
    return false
  }
  const account = openAccount({ url, persisted })
  const signedIn = await account.signIn(identifier, password, () => ask('Code of your authenticator app: '))
  say(describe(signedIn, (name) => `Signed in: ${name}`))
  if ('problem' in signedIn) return false
  say(
    describe(await account.me(), (me) =>
      me === null ? 'Nobody' : `${me.id} ${me.email ?? 'without an address'}${me.isAdmin ? ', administrator' : ''}`,
    ),
  )
  say(describe(await account.refresh(), () => 'Refreshed'))
  for await (const user of account.users()) say(describe(user, ({ name, email }) => `- ${name} ${email ?? ''}`))
  say(describe(await account.signOut(), () => 'Signed out'))
  return true
}

export async function main({ args }: { args: readonly string[] }): Promise<void> {
  const lines = createInterface({ input: process.stdin, output: process.stdout })
  const isDone = await tour(args, { say: (line) => process.stdout.write(`${line}\n`), ask: (question) => lines.question(question) })
  lines.close()
  if (!isDone) process.exitCode = 1
}

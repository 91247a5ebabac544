/**
 * Brings two worlds to the same state where the table of surfaces lets a dialect do at once, or not at all, what GraphQL does in
 * another way: the other half of the way is gone through GraphQL, in the same request id and at the same instant.
 */
import { totp } from '../support/accounts.ts'
import { advance } from '../support/clock.ts'
import { type Attempt, type Run, receivedFromRest } from './attempt.ts'
import type { ExceptionName } from './exceptions.ts'
import { succeed } from './graphqlCalls.ts'
import { type Side, send } from './pair.ts'
import type { Step } from './steps.ts'

// biome-ignore lint/suspicious/noExplicitAny: a success as the schema wrote it
type Result = any

/** What the other half of a way adds to what was handed out. */
export interface Added {
  readonly graphql?: { readonly recoveryCodes: readonly string[] }
  readonly rest?: { readonly access: string | undefined; readonly refresh: string | undefined }
}

/** An attempt that does nothing but be counted, where the other world needed one more. */
const spendAttempt = async ({ pair, from }: Attempt): Promise<void> => {
  await succeed(pair, 'graphql', from, 'requestPasswordReset', { email: 'nobody@nowhere.example' })
}

const ROUTE = { name: 'POST /v1/auth/login', operation: 'signIn', who: 'anyone' } as const

/** Whoever signed up signs in. */
const signInAfterwards = async (attempt: Attempt): Promise<Added> => {
  const { pair, from, action } = attempt
  const { email, password } = action.inputs.rest
  const json = { email, password }
  const answer = await send(pair, 'rest', from, { method: 'POST', path: '/v1/auth/login', json }, { surface: 'idiot', route: ROUTE })
  if (answer.status !== 200) throw new Error(`sign-in after sign-up answered ${answer.status} ${answer.text}`)
  await spendAttempt(attempt)
  const { access, refresh } = receivedFromRest(answer)
  return { rest: { access, refresh } }
}

const confirmLink = async ({ pair, from, run }: Attempt, side: Side): Promise<void> => {
  const mails = pair.worlds[side].mails.slice(run.watching.mails[side])
  const [token] = mails.flatMap(({ text }) => /confirm-email#token=([\w-]+)/.exec(text)?.[1] ?? [])
  await succeed(pair, side, from, 'confirmEmail', { token: token ?? 'no mail came' })
}

/** GraphQL's address is confirmed; the dialect's, which counts already, is verified: by the mail that came with it, or by one that is asked for. */
const answerMails = async (attempt: Attempt): Promise<Added> => {
  const { pair, from, action } = attempt
  await confirmLink(attempt, 'graphql')
  if (!pair.worlds.rest.config.VERIFY_EMAIL) {
    await succeed(pair, 'rest', from, 'requestEmailVerification', {}, action.token.rest)
    await spendAttempt(attempt)
  }
  await confirmLink(attempt, 'rest')
  return {}
}

/** GraphQL's factor is confirmed with a first code. */
const confirmFactor = async ({ pair, from, action }: Attempt, { secret }: Result): Promise<Added> => {
  const { recoveryCodes } = await succeed(pair, 'graphql', from, 'confirmTwoFactorEnrollment', { code: totp(secret) }, action.token.graphql)
  pair.confirmed.set(`graphql ${action.person.id.graphql}`, Math.floor(Date.now() / 30_000))
  return { graphql: { recoveryCodes } }
}

export async function level(attempt: Attempt, line: ExceptionName, result: Result): Promise<Added> {
  attempt.pair.requests.set(attempt.from.requestId, line)
  if (line === 'signUpSignsIn') return await signInAfterwards(attempt)
  return line === 'emailAtOnce' ? await answerMails(attempt) : await confirmFactor(attempt, result)
}

/** Sequences may have used up what the other half of a way needs: attempts of a minute, the right to try a code. */
export async function makeRoom({ pair, accounts }: Run, { dialect, operation, kind, who }: Step): Promise<void> {
  if (dialect !== 'xiot') return
  if (['signUp', 'changeEmail', 'beginTwoFactorEnrollment'].includes(operation)) advance(61_000)
  if (operation !== 'disableTwoFactor' || kind !== 'plain') return
  const id = accounts.people[who % accounts.people.length]?.id.graphql ?? ''
  const account = await pair.worlds.graphql.db.client.user.findUnique({ where: { id } })
  const wait = (account?.twoFactorBlockedUntil?.getTime() ?? 0) - Date.now()
  advance(Math.max(61_000, wait + 1_000))
}

/**
 * Brings two worlds to the same state where the table of surfaces lets a dialect do at once, or not at all, what GraphQL does in
 * another way: the other half of the way is gone through GraphQL, in the same request id and at the same instant.
 */
import { totp } from '../support/accounts.ts'
import { advance } from '../support/clock.ts'
import type { ExceptionName } from './exceptions.ts'
import { succeed } from './graphqlDoor.ts'
import { type Side, send } from './pair.ts'
import { harvestRest, type Play, type Scene } from './scene.ts'
import type { Step } from './steps.ts'

// biome-ignore lint/suspicious/noExplicitAny: a success as the schema wrote it
type Result = any

/** What the other half of a way adds to what was handed out. */
export interface Added {
  readonly graphql?: { readonly recoveryCodes: readonly string[] }
  readonly rest?: { readonly access: string | undefined; readonly refresh: string | undefined }
}

/** An attempt that does nothing but be counted, where the other world needed one more. */
const spendAttempt = async ({ pair, from }: Scene): Promise<void> => {
  await succeed(pair, 'graphql', from, 'requestPasswordReset', { email: 'nobody@nowhere.example' })
}

const ROUTE = { name: 'POST /v1/auth/login', operation: 'signIn', who: 'anyone' } as const

/** Whoever signed up signs in. */
const signInAfterwards = async (scene: Scene): Promise<Added> => {
  const { pair, from, deed } = scene
  const { email, password } = deed.inputs.rest
  const json = { email, password }
  const answer = await send(pair, 'rest', from, { method: 'POST', path: '/v1/auth/login', json }, { surface: 'idiot', route: ROUTE })
  if (answer.status !== 200) throw new Error(`sign-in after sign-up answered ${answer.status} ${answer.text}`)
  await spendAttempt(scene)
  const { access, refresh } = harvestRest(answer)
  return { rest: { access, refresh } }
}

const confirmLink = async ({ pair, from, play }: Scene, side: Side): Promise<void> => {
  const mails = pair.worlds[side].mails.slice(play.watching.mails[side])
  const [token] = mails.flatMap(({ text }) => /confirm-email#token=([\w-]+)/.exec(text)?.[1] ?? [])
  await succeed(pair, side, from, 'confirmEmail', { token: token ?? 'no mail came' })
}

/** GraphQL's address is confirmed; the dialect's, which counts already, is verified: by the mail that came with it, or by one that is asked for. */
const answerMails = async (scene: Scene): Promise<Added> => {
  const { pair, from, deed } = scene
  await confirmLink(scene, 'graphql')
  if (!pair.worlds.rest.config.VERIFY_EMAIL) {
    await succeed(pair, 'rest', from, 'requestEmailVerification', {}, deed.token.rest)
    await spendAttempt(scene)
  }
  await confirmLink(scene, 'rest')
  return {}
}

/** GraphQL's factor is confirmed with a first code. */
const confirmFactor = async ({ pair, from, deed }: Scene, { secret }: Result): Promise<Added> => {
  const { recoveryCodes } = await succeed(pair, 'graphql', from, 'confirmTwoFactorEnrollment', { code: totp(secret) }, deed.token.graphql)
  pair.confirmed.set(`graphql ${deed.person.id.graphql}`, Math.floor(Date.now() / 30_000))
  return { graphql: { recoveryCodes } }
}

export async function level(scene: Scene, line: ExceptionName, result: Result): Promise<Added> {
  scene.pair.requests.set(scene.from.requestId, line)
  if (line === 'signUpSignsIn') return await signInAfterwards(scene)
  return line === 'emailAtOnce' ? await answerMails(scene) : await confirmFactor(scene, result)
}

/** Sequences may have used up what the other half of a way needs: attempts of a minute, the right to try a code. */
export async function makeRoom({ pair, cast }: Play, { dialect, operation, kind, who }: Step): Promise<void> {
  if (dialect !== 'xiot') return
  if (['signUp', 'changeEmail', 'beginTwoFactorEnrollment'].includes(operation)) advance(61_000)
  if (operation !== 'disableTwoFactor' || kind !== 'plain') return
  const id = cast.people[who % cast.people.length]?.id.graphql ?? ''
  const account = await pair.worlds.graphql.db.client.user.findUnique({ where: { id } })
  const wait = (account?.twoFactorBlockedUntil?.getTime() ?? 0) - Date.now()
  advance(Math.max(61_000, wait + 1_000))
}
